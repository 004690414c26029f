// The devices' interrupt-remapping tables: the live IRTEs, and the driver's structure for each table, whose lock protects
// the writes of its entries. In 2016 a lock of the host protected the look-up of a table.
import type { HostParameters } from './host.js';
import { IRTE_WORDS } from './irte.js';
import { layoutOf } from './layout.js';
import { type Address, LINE_WORDS, type Memory, NULL, WORD_BYTES } from './memory.js';
import type { OwnMemory } from './own-memory.js';
import type { PciSegment } from './pci-segment.js';
import type { Kmalloc } from './slab.js';

/** The driver's structure for a device's interrupt-remapping table: 16 bytes. */
export const IRQ_REMAP_TABLE = { lock: 'u32', minIndex: 'u32', table: 'pointer' } as const;

/** Writes the four words of a live entry; `table` is the structure of its device's table. */
export type IrteWriter = (table: Address, irte: Address, ...words: [number, number, number, number]) => void;

const LOOKUP_LOCK = 'iommu_table_lock';

const log2 = (powerOfTwo: number): number => 31 - Math.clz32(powerOfTwo);

/** Makes the tables of a host's devices. */
export function irqTablesIn(
  memory: Memory,
  host: HostParameters,
  devices: number,
  segment: PciSegment,
  heap: Kmalloc,
  own: OwnMemory,
) {
  const { name, bytes, at } = layoutOf('irq_remap_table', IRQ_REMAP_TABLE, host.pointerBytes);
  const tableWords = bytes / WORD_BYTES;
  const irteShift = log2(host.irqTableEntries * IRTE_WORDS);
  const irtesStart = own.reserve('the live IRTEs', devices << irteShift, 32);
  const irtes = { start: irtesStart, end: irtesStart + (devices << irteShift) };
  const lookupLock = own.reserve('the lock around the look-up of a table', LINE_WORDS);

  const stride = host.tablePlacement === 'line' ? LINE_WORDS : tableWords;
  const cache = host.tablePlacement === 'mixed' ? heap.cacheFor(bytes, name) : null;
  const tablesStart = cache === null ? own.reserve(`the ${name} of each device`, devices * stride) : NULL;
  const tables = Array.from({ length: devices }, (_, device) => {
    const table = cache === null ? tablesStart + device * stride : cache.alloc();
    memory.store(table + at.table, irtesStart + (device << irteShift));
    segment.setIrqTable(device, table);
    return table;
  });
  const locks = new Set(tables.map((table) => table + at.lock));

  const isLocked = host.tableLookup === 'global-lock';
  const deviceAt = (irte: Address): number => (irte - irtesStart) >>> irteShift;

  // Under the table's lock. The four stores stand for one cmpxchg16b.
  const writeIrte: IrteWriter = (table, irte, word0, word1, word2, word3) => {
    memory.lock(table + at.lock);
    memory.store(irte, word0);
    memory.store(irte + 1, word1);
    memory.store(irte + 2, word2);
    memory.store(irte + 3, word3);
    memory.unlock(table + at.lock);
  };

  return {
    irtes,
    /** The device whose table holds an entry. */
    deviceAt,
    /** The structure of the table that holds an entry. */
    tableAt: (irte: Address): Address => tables[deviceAt(irte)] as Address,
    writeIrte,

    /** The structure of a device's table; NULL if the device has no IOMMU. */
    irqTable(iommu: Address, devid: number): Address {
      if (isLocked) memory.lock(lookupLock);
      const table = segment.irqTable(iommu, devid);
      if (isLocked) memory.unlock(lookupLock);
      return table;
    },

    irteAt: (table: Address, index: number): Address => memory.load(table + at.table) + index * IRTE_WORDS,

    freeIrteIndex(table: Address): number {
      const start = memory.load(table + at.table);
      for (let index = 0; index < host.irqTableEntries; index++) {
        const irte = start + index * IRTE_WORDS;
        if ((memory.load(irte) | memory.load(irte + 1)) === 0) return index;
      }
      throw new RangeError(`the IRTE table of a device is full: ${host.irqTableEntries} entries`);
    },

    /** The structures of the tables, for a memory that counts. */
    objects: tables.map((table) => [table, tableWords] as const),

    lockClassOf(lock: Address): string | null {
      if (lock === lookupLock) return LOOKUP_LOCK;
      return locks.has(lock) ? name : null;
    },

    /** Addresses by name, for messages. */
    symbols: { irte_tables: irtesStart, [LOOKUP_LOCK]: lookupLock },
  };
}

/** What {@link irqTablesIn} makes. */
export type IrqTables = ReturnType<typeof irqTablesIn>;
