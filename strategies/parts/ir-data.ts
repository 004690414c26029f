// The IOMMU driver's structure for one irq, and its writes of the irq's IRTE. An update edits the shadow entry and then
// commits it to the live entry. The caller holds a lock that serialises the updates of this irq.
import {
  GA_LOG_INTR,
  GUEST_MODE,
  IRTE_WORDS,
  remapWord0,
  withRootHi,
  withRootLo,
} from '../../machine/irte.js';
import { type Fields, layoutOf } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, alignToLine, WORD_BYTES } from '../../machine/memory.js';
import { guestWord0, guestWord3, NO_CPU, runWord0, runWord3 } from './entry.js';

/** struct amd_ir_data since v6.17, x86-64: 64 bytes, one cache line. `irq2Irte` is index << 16 | devid. */
export const IR_DATA = {
  iommu: 'pointer',
  irq2Irte: 'u32',
  msiEntry: 3,
  entry: 'pointer',
  cfg: 'pointer',
  gaVector: 'u32',
  gaRootPtr: 'u64',
  gaTag: 'u32',
} as const;

/**
 * The same size with the table and the live entry, which the driver otherwise finds anew for each write. They take the places
 * of `iommu`, which the device's table of the segment supplies too, and of the padding.
 */
export const IR_DATA_WITH_ENTRY = {
  table: 'pointer',
  irq2Irte: 'u32',
  msiEntry: 3,
  entry: 'pointer',
  cfg: 'pointer',
  irte: 'pointer',
  gaRootPtr: 'u64',
  gaVector: 'u32',
  gaTag: 'u32',
} as const;

/** The fields of both. */
type CommonField = keyof typeof IR_DATA & keyof typeof IR_DATA_WITH_ENTRY;

/** How the driver gets from ir_data to its IOMMU, to the structure of its table, and to its live entry. */
interface Way {
  readonly fields: Fields;
  set(irData: Address, iommu: Address, table: Address, irte: Address): void;
  iommuOf(irData: Address): Address;
  tableOf(irData: Address): Address;
  irteOf(irData: Address, table: Address): Address;
}

/** Offsets of fields in a structure with these and others. */
const offsetsIn = <const F extends Fields>(
  fields: Fields,
  _of: F,
  { host }: Machine,
): { readonly [K in keyof F]: number } =>
  layoutOf('amd_ir_data', fields, host.pointerBytes).at as { readonly [K in keyof F]: number };

/** As in Linux: through the IOMMU, the PCI segment and the device id. */
function driversWay(machine: Machine, front: Fields): Way {
  const { memory } = machine;
  const fields = { ...front, ...IR_DATA };
  const at = offsetsIn(fields, IR_DATA, machine);
  const iommuOf = (irData: Address): Address => memory.load(irData + at.iommu);
  const irq2IrteOf = (irData: Address): number => memory.load(irData + at.irq2Irte);
  return {
    fields,
    set: (irData, iommu) => memory.store(irData + at.iommu, iommu),
    iommuOf,
    tableOf: (irData) => machine.irqTable(iommuOf(irData), irq2IrteOf(irData) & 0xffff),
    irteOf: (irData, table) => machine.irteAt(table, irq2IrteOf(irData) >>> 16),
  };
}

/** ir_data keeps the table and the live entry. */
export function keptEntry(machine: Machine, front: Fields): Way {
  const { memory } = machine;
  const fields = { ...front, ...IR_DATA_WITH_ENTRY };
  const at = offsetsIn(fields, IR_DATA_WITH_ENTRY, machine);
  return {
    fields,
    set(irData, _iommu, table, irte) {
      memory.store(irData + at.table, table);
      memory.store(irData + at.irte, irte);
    },
    iommuOf: (irData) => machine.iommuOf(memory.load(irData + at.irq2Irte) & 0xffff),
    tableOf: (irData) => memory.load(irData + at.table),
    irteOf: (irData) => memory.load(irData + at.irte),
  };
}

/**
 * The driver's code for one irq.
 *
 * @param front - Fields that a design puts in front of the common ones, such as a hash node. ir_data then has two cache lines
 * of its own, instead of a 96-byte object that may straddle three.
 */
export function irDataIn<const F extends Fields>(machine: Machine, front: F, wayOn = driversWay) {
  const { memory } = machine;
  const way = wayOn(machine, front);
  const layout = layoutOf('amd_ir_data', way.fields, machine.host.pointerBytes);
  const common = layout.at as unknown as { readonly [K in CommonField]: number };
  const irDataCache = machine.kmemCache(alignToLine(layout.bytes), layout.name);
  const entryCache = machine.kmemCache(IRTE_WORDS * WORD_BYTES, 'shadow entry');

  /** Copies the shadow entry to the live entry, for a load or put. */
  function commit(irData: Address): void {
    const table = way.tableOf(irData);
    const irte = way.irteOf(irData, table);
    const entry = memory.load(irData + common.entry);
    machine.updateIrte(
      table,
      irte,
      memory.load(entry),
      memory.load(entry + 1),
      memory.load(entry + 2),
      memory.load(entry + 3),
    );
  }

  /** Writes the live entry for any other operation, with a flush. */
  function modify(irData: Address, word0: number, word1: number, word2: number, word3: number): void {
    const table = way.tableOf(irData);
    machine.modifyIrte(table, way.irteOf(irData, table), word0, word1, word2, word3);
  }

  /** Writes both entries of an irq. */
  function setEntry(irData: Address, word0: number, word1: number, word2: number, word3: number): void {
    const entry = memory.load(irData + common.entry);
    memory.store(entry, word0);
    memory.store(entry + 1, word1);
    memory.store(entry + 2, word2);
    memory.store(entry + 3, word3);
    modify(irData, word0, word1, word2, word3);
  }

  /** Writes the remap entry of the irq's irq_cfg. */
  function setRemapEntry(irData: Address): void {
    const cfg = memory.load(irData + common.cfg);
    setEntry(irData, remapWord0(memory.load(cfg)), 0, memory.load(cfg + 1), 0);
  }

  const devidOf = (irData: Address): number => memory.load(irData + common.irq2Irte) & 0xffff;

  const isGuestMode = (irData: Address): boolean =>
    (memory.load(memory.load(irData + common.entry)) & GUEST_MODE) !== 0;

  /** Sets is_run and the destination in the shadow entry. NO_CPU keeps the destination. */
  function setRunState(irData: Address, cpu: number): void {
    const entry = memory.load(irData + common.entry);
    memory.store(entry, runWord0(memory.load(entry), cpu));
    if (cpu !== NO_CPU) memory.store(entry + 3, runWord3(memory.load(entry + 3), cpu));
  }

  /** Sets the root pointer in the shadow entry. */
  function setRootPage(irData: Address, rootPage: number): void {
    const entry = memory.load(irData + common.entry);
    memory.store(entry + 2, withRootLo(memory.load(entry + 2), rootPage));
    memory.store(entry + 3, withRootHi(memory.load(entry + 3), rootPage));
  }

  return {
    at: layout.at as unknown as { readonly [K in keyof F | CommonField]: number },
    commit,

    alloc(irq: number, devid: number): Address {
      const iommu = machine.iommuOf(devid);
      const table = machine.irqTable(iommu, devid);
      const index = machine.freeIrteIndex(table);
      const irData = irDataCache.alloc();
      way.set(irData, iommu, table, machine.irteAt(table, index));
      memory.store(irData + common.irq2Irte, (index << 16) | devid);
      memory.store(irData + common.entry, entryCache.alloc());
      memory.store(irData + common.cfg, machine.createIrqCfg(irq));
      setRemapEntry(irData);
      return irData;
    },

    free(irData: Address): void {
      modify(irData, 0, 0, 0, 0);
      machine.freeIrqCfg(memory.load(irData + common.cfg));
      entryCache.free(memory.load(irData + common.entry));
      irDataCache.free(irData);
    },

    /** The IOMMU that the irq's device is behind. */
    iommu: way.iommuOf,
    /** The tag of the entry's vCPU; 0 in remap mode. */
    gaTag: (irData: Address): number => memory.load(irData + common.gaTag),
    isGuestMode,

    /** Returns the irq to the host: its entry is the remap entry of its irq_cfg. */
    setRemapMode(irData: Address): void {
      machine.searchDevData(way.iommuOf(irData), devidOf(irData));
      memory.store(irData + common.gaTag, 0);
      setRemapEntry(irData);
    },

    /** @param cpu - The physical APIC id of the vCPU's CPU; NO_CPU if it does not run. */
    setGuestMode(
      irData: Address,
      tag: number,
      rootPage: number,
      vector: number,
      cpu: number,
      gaLogIntr: boolean,
    ): void {
      machine.searchDevData(way.iommuOf(irData), devidOf(irData));
      memory.store(irData + common.gaTag, tag);
      memory.store(irData + common.gaRootPtr, rootPage);
      memory.store(irData + common.gaVector, vector);
      const word0 = guestWord0(cpu, gaLogIntr);
      setEntry(irData, word0, tag, withRootLo(vector, rootPage), guestWord3(cpu, rootPage));
    },

    setRunState,
    setRootPage,

    /** Updates an entry in guest mode as the patch of 2016 does: run state, and the root pointer, which has not changed. */
    updateEntry(irData: Address, cpu: number, rootPage: number): void {
      if (!isGuestMode(irData)) return;
      setRootPage(irData, rootPage);
      setRunState(irData, cpu);
      commit(irData);
    },

    /** Sets ga_log_intr in the shadow entry. */
    setGaLogIntr(irData: Address, on: boolean): void {
      const entry = memory.load(irData + common.entry);
      const word0 = memory.load(entry) & ~GA_LOG_INTR;
      memory.store(entry, word0 | (on ? GA_LOG_INTR : 0));
    },
  };
}

/** What {@link irDataIn} makes. */
export type IrData<F extends Fields = Fields> = ReturnType<typeof irDataIn<F>>;
