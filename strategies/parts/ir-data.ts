// The IOMMU driver's structure for one irq, and its writes of the irq's IRTE. An update edits the shadow entry and then
// commits it to the live entry. The caller holds a lock that serialises the updates of this irq.
import {
  GA_LOG_INTR,
  GUEST_MODE,
  IRTE_WORDS,
  IS_RUN,
  remapWord0,
  VALID,
  withDestinationHi,
  withDestinationLo,
  withRootHi,
  withRootLo,
} from '../../machine/irte.js';
import { type Fields, layoutOf } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, WORD_BYTES } from '../../machine/memory.js';

/** struct amd_ir_data of v6.1, x86-64: 80 bytes. `irq2Irte` is index << 16 | devid. */
export const IR_DATA = {
  cachedGaTag: 'u32',
  iommu: 'pointer',
  irq2Irte: 'u32',
  msiEntry: 3,
  entry: 'pointer',
  ref: 'pointer',
  cfg: 'pointer',
  gaVector: 'u32',
  gaRootPtr: 'u64',
  gaTag: 'u32',
} as const;

/** Stands for a CPU when a vCPU does not run. */
export const NO_CPU = -1;

/**
 * The driver's code for one irq.
 *
 * @param front - Fields that a design puts in front of the common ones, such as a hash node.
 */
export function irDataIn<const F extends Fields>(machine: Machine, front: F) {
  const { memory } = machine;
  const layout = layoutOf('amd_ir_data', { ...front, ...IR_DATA }, machine.host.pointerBytes);
  const common = layout.at as unknown as { readonly [K in keyof typeof IR_DATA]: number };
  const irDataCache = machine.kmemCache(layout.bytes, layout.name);
  const entryCache = machine.kmemCache(IRTE_WORDS * WORD_BYTES, 'shadow entry');

  /** Copies the shadow entry to the live entry. */
  function commit(irData: Address): void {
    const entry = memory.load(irData + common.entry);
    machine.updateIrte(
      machine.irqTable(memory.load(irData + common.irq2Irte) & 0xffff),
      memory.load(irData + common.ref),
      memory.load(entry),
      memory.load(entry + 1),
      memory.load(entry + 2),
      memory.load(entry + 3),
    );
  }

  /** Writes the remap entry of the irq's irq_cfg. */
  function setRemapMode(irData: Address): void {
    const entry = memory.load(irData + common.entry);
    const cfg = memory.load(irData + common.cfg);
    memory.store(entry, remapWord0(memory.load(cfg)));
    memory.store(entry + 1, 0);
    memory.store(entry + 2, memory.load(cfg + 1));
    memory.store(entry + 3, 0);
    memory.store(irData + common.cachedGaTag, 0);
    commit(irData);
  }

  const isGuestMode = (irData: Address): boolean =>
    (memory.load(memory.load(irData + common.entry)) & GUEST_MODE) !== 0;

  /** Sets is_run and the destination in the shadow entry. {@link NO_CPU} keeps the destination. */
  function setRunState(irData: Address, cpu: number, isRun: boolean): void {
    const entry = memory.load(irData + common.entry);
    const word0 = memory.load(entry) & ~IS_RUN;
    const flag = isRun ? IS_RUN : 0;
    if (cpu === NO_CPU) {
      memory.store(entry, word0 | flag);
      return;
    }
    memory.store(entry, withDestinationLo(word0, cpu) | flag);
    memory.store(entry + 3, withDestinationHi(memory.load(entry + 3), cpu));
  }

  /** Sets the root pointer in the shadow entry. */
  function setRootPage(irData: Address, rootPage: number): void {
    const entry = memory.load(irData + common.entry);
    memory.store(entry + 2, withRootLo(memory.load(entry + 2), rootPage));
    memory.store(entry + 3, withRootHi(memory.load(entry + 3), rootPage));
  }

  return {
    at: layout.at,
    commit,
    setRemapMode,

    alloc(irq: number, devid: number): Address {
      const index = machine.freeIrteIndex(devid);
      const irData = irDataCache.alloc();
      memory.store(irData + common.iommu, machine.iommuOf(devid));
      memory.store(irData + common.irq2Irte, (index << 16) | devid);
      memory.store(irData + common.entry, entryCache.alloc());
      memory.store(irData + common.ref, machine.irteAt(devid, index));
      memory.store(irData + common.cfg, machine.createIrqCfg(irq));
      setRemapMode(irData);
      return irData;
    },

    free(irData: Address): void {
      const table = machine.irqTable(memory.load(irData + common.irq2Irte) & 0xffff);
      machine.updateIrte(table, memory.load(irData + common.ref), 0, 0, 0, 0);
      machine.freeIrqCfg(memory.load(irData + common.cfg));
      entryCache.free(memory.load(irData + common.entry));
      irDataCache.free(irData);
    },

    /** The IOMMU that the irq's device is behind. */
    iommu: (irData: Address): Address => memory.load(irData + common.iommu),
    /** The tag of the entry's vCPU; 0 in remap mode. */
    cachedGaTag: (irData: Address): number => memory.load(irData + common.cachedGaTag),
    isGuestMode,

    /**
     * Writes a guest-mode entry from zero, because is_run and ga_log_intr mean something else in the remap entry.
     *
     * @param cpu - The physical APIC id of the vCPU's CPU; {@link NO_CPU} if it does not run.
     */
    setGuestMode(
      irData: Address,
      tag: number,
      rootPage: number,
      vector: number,
      cpu: number,
      gaLogIntr: boolean,
    ): void {
      memory.store(irData + common.cachedGaTag, tag);
      memory.store(irData + common.gaTag, tag);
      memory.store(irData + common.gaRootPtr, rootPage);
      memory.store(irData + common.gaVector, vector);
      const isRun = cpu !== NO_CPU;
      const destination = isRun ? cpu : 0;
      const flags = VALID | GUEST_MODE | (isRun ? IS_RUN : 0) | (gaLogIntr ? GA_LOG_INTR : 0);
      const entry = memory.load(irData + common.entry);
      memory.store(entry, withDestinationLo(flags, destination));
      memory.store(entry + 1, tag);
      memory.store(entry + 2, withRootLo(vector, rootPage));
      memory.store(entry + 3, withRootHi(withDestinationHi(0, destination), rootPage));
      commit(irData);
    },

    setRunState,
    setRootPage,

    /** Updates an entry in guest mode as the patch of 2016 does: run state, and the root pointer, which has not changed. */
    updateEntry(irData: Address, cpu: number, rootPage: number, isRun: boolean): void {
      if (!isGuestMode(irData)) return;
      setRootPage(irData, rootPage);
      setRunState(irData, cpu, isRun);
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
