// How an interrupt arrives at an entry, and the GA log of an IOMMU: the hardware writes the ring, the driver reads it.
// A full ring flags overflow, and nothing is logged until the driver has read it.
import { GA_LOG_ENTRIES, type Iommus } from './iommus.js';
import type { IrqTables } from './irq-tables.js';
import { GA_LOG_INTR, GUEST_MODE, IS_RUN, VALID } from './irte.js';
import type { IommuHardware } from './irte-cache.js';
import type { Address, Memory } from './memory.js';
import type { PciSegment } from './pci-segment.js';

/** Type of a GA log entry that reports a guest interrupt: bits 63:60, so bits 31:28 of its second word. */
export const GA_LOG_GUEST_INTERRUPT = 1 << 28;

/** What the hardware did with an interrupt. */
export const DELIVERY = {
  /** Guest mode, vCPU running: the doorbell of the destination CPU was rung. */
  doorbell: 0,
  /** Guest mode, vCPU not running: an entry was written to the GA log. */
  logged: 1,
  /** As logged, but the log was full or had stopped: overflow is flagged and the entry is lost. */
  overflow: 2,
  /** Guest mode, vCPU not running, ga_log_intr off: pending in the vCPU's backing page. */
  pending: 3,
  /** Remap mode: delivered to a host CPU. */
  remapped: 4,
  /** The entry is not valid: target abort. */
  aborted: 5,
} as const;

/** The GA log and its driver call KVM. */
export interface GaLogListener {
  /** The driver has read an entry from the GA log of an IOMMU. */
  notify(iommu: Address, tag: number): void;
  /** A vCPU is woken. */
  wakeUp(vcpu: Address): void;
}

/** Ignores everything. */
export const NO_LISTENER: GaLogListener = { notify() {}, wakeUp() {} };

/** The GA logs of a host's IOMMUs. */
export function gaLogsIn(
  memory: Memory,
  { at, behind }: Iommus,
  { deviceAt }: IrqTables,
  { idOf }: PciSegment,
  { notify }: GaLogListener,
  hardware: IommuHardware | null,
) {
  /** Writes an entry's tag to the log of its device's IOMMU. @param copy - The hardware's copy of the entry. */
  function log(irte: Address, copy: ArrayLike<number> | null): number {
    const device = deviceAt(irte);
    const iommu = behind(device);
    const tail = memory.load(iommu + at.gaLogTail);
    const nextTail = (tail + 1) & (GA_LOG_ENTRIES - 1);
    const hasStopped = memory.load(iommu + at.gaLogOverflow) !== 0;
    if (hasStopped || nextTail === memory.load(iommu + at.gaLogHead)) {
      memory.store(iommu + at.gaLogOverflow, 1);
      return DELIVERY.overflow;
    }
    const entry = memory.load(iommu + at.gaLog) + tail * 2;
    memory.store(entry, copy === null ? memory.load(irte + 1) : (copy[1] as number));
    memory.store(entry + 1, GA_LOG_GUEST_INTERRUPT | idOf(device));
    memory.store(iommu + at.gaLogTail, nextTail);
    return DELIVERY.logged;
  }

  return {
    interrupt(irte: Address): number {
      const live = memory.load(irte);
      const copy = hardware === null ? null : hardware.entryFor(deviceAt(irte), irte, memory.words);
      const word0 = copy === null ? live : (copy[0] as number);
      if ((word0 & VALID) === 0) return DELIVERY.aborted;
      if ((word0 & GUEST_MODE) === 0) return DELIVERY.remapped;
      if ((word0 & IS_RUN) !== 0) return DELIVERY.doorbell;
      return (word0 & GA_LOG_INTR) === 0 ? DELIVERY.pending : log(irte, copy);
    },

    drainGaLog(iommu: Address): void {
      const ring = memory.load(iommu + at.gaLog);
      let head = memory.load(iommu + at.gaLogHead);
      while (head !== memory.load(iommu + at.gaLogTail)) {
        const tag = memory.load(ring + head * 2);
        head = (head + 1) & (GA_LOG_ENTRIES - 1);
        memory.store(iommu + at.gaLogHead, head);
        notify(iommu, tag);
      }
      memory.store(iommu + at.gaLogOverflow, 0);
    },
  };
}
