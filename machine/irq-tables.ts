// The devices' interrupt-remapping tables: the live IRTEs, the driver's structure for each table, and the look-up by
// device id. A lock for each table, or one for the host in 2016, protects the writes of entries.
import type { HostParameters } from './host.js';
import { IRTE_WORDS } from './irte.js';
import { layoutOf } from './layout.js';
import { type Address, LINE_WORDS, type Memory, WORD_BYTES } from './memory.js';
import type { OwnMemory } from './own-memory.js';

/** Device ids have 16 bits: bus, device and function. */
export const MAX_DEVICES = 1 << 16;

/** The driver's structure for a device's interrupt-remapping table. */
export const IRQ_REMAP_TABLE = { lock: 'u32', minIndex: 'u32', table: 'pointer' } as const;

/** Writes the four words of a live entry; `table` is the structure of its device's table. */
export type IrteWriter = (table: Address, irte: Address, ...words: [number, number, number, number]) => void;

const HOST_LOCK = 'iommu_table_lock';

const log2 = (powerOfTwo: number): number => 31 - Math.clz32(powerOfTwo);

/**
 * Makes the tables of a host.
 *
 * @param devices - Devices with a table; their ids count from 0.
 * @throws RangeError if there are more devices than device ids.
 */
export function irqTablesIn(memory: Memory, host: HostParameters, devices: number, own: OwnMemory) {
  if (devices > MAX_DEVICES) {
    throw new RangeError(`${devices} devices are more than the ${MAX_DEVICES} device ids`);
  }
  const pointerWords = host.pointerBytes / WORD_BYTES;
  const { name, bytes, at } = layoutOf('irq_remap_table', IRQ_REMAP_TABLE, host.pointerBytes);
  const tableWords = bytes / WORD_BYTES;

  const irteShift = log2(host.irqTableEntries * IRTE_WORDS);
  const irtesStart = own.reserve('the live IRTEs', devices << irteShift, 32);
  const irtes = { start: irtesStart, end: irtesStart + (devices << irteShift) };
  const tablesStart = own.reserve(`the ${name} of each device`, devices * tableWords);
  const lookupTable = own.reserve('the pointers to the tables of devices', MAX_DEVICES * pointerWords);
  const hostLock = own.reserve('the lock of all tables', LINE_WORDS);
  for (let devid = 0; devid < devices; devid++) {
    const table = tablesStart + devid * tableWords;
    memory.store(table + at.table, irtesStart + (devid << irteShift));
    memory.store(lookupTable + devid * pointerWords, table);
  }

  const hasGlobalLock = host.tableLock === 'global';
  const devidOf = (irte: Address): number => (irte - irtesStart) >>> irteShift;

  // Under the table's lock. The four stores stand for one cmpxchg16b.
  const writeIrte: IrteWriter = (table, irte, word0, word1, word2, word3) => {
    const lock = hasGlobalLock ? hostLock : table + at.lock;
    memory.lock(lock);
    memory.store(irte, word0);
    memory.store(irte + 1, word1);
    memory.store(irte + 2, word2);
    memory.store(irte + 3, word3);
    memory.unlock(lock);
  };

  return {
    irtes,
    devidOf,
    writeIrte,
    irqTable: (devid: number): Address => memory.load(lookupTable + devid * pointerWords),
    irqTableOf: (irte: Address): Address => tablesStart + devidOf(irte) * tableWords,
    irteAt: (devid: number, index: number): Address => irtesStart + (devid << irteShift) + index * IRTE_WORDS,

    freeIrteIndex(devid: number): number {
      const start = irtesStart + (devid << irteShift);
      for (let index = 0; index < host.irqTableEntries; index++) {
        const irte = start + index * IRTE_WORDS;
        if ((memory.load(irte) | memory.load(irte + 1)) === 0) return index;
      }
      throw new RangeError(`the IRTE table of device ${devid} is full: ${host.irqTableEntries} entries`);
    },

    lockClassOf(lock: Address): string | null {
      if (lock === hostLock) return HOST_LOCK;
      return lock >= tablesStart && lock < tablesStart + devices * tableWords ? name : null;
    },

    /** Addresses by name, for a program that is given the memory. */
    symbols: {
      irte_tables: irtesStart,
      irq_remap_tables: tablesStart,
      irq_lookup_table: lookupTable,
      [HOST_LOCK]: hostLock,
    },
  };
}
