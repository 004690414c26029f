// The host's IOMMUs: the driver's structure for each, its GA log ring, and the invalidation commands that the driver
// queues. The lock of a structure protects its command counters.
import type { HostParameters } from './host.js';
import type { IommuHardware } from './irte-cache.js';
import { layoutOf } from './layout.js';
import { type Address, type Memory, WORD_BYTES } from './memory.js';
import type { OwnMemory } from './own-memory.js';

/** Entries of a GA log ring, 8 bytes each. One stays empty, because head = tail means that the ring is empty. */
export const GA_LOG_ENTRIES = 512;

/**
 * The driver's structure for an IOMMU: a line that a flush writes, and a line that is only read. `driverData` is the
 * strategy's own.
 */
export const AMD_IOMMU = {
  /** The command lock: held while the driver queues a command, and while it waits for the completion. */
  lock: 'u32',
  invalidateCount: 'u32',
  completionWaitCount: 'u32',
  gaLogHead: 'u32',
  gaLogTail: 'u32',
  gaLogOverflow: 'u32',
  restOfLine: 10,
  pciSeg: 'pointer',
  driverData: 'pointer',
  gaLog: 'pointer',
} as const;

/** Invalidation commands that the IOMMU driver has queued. They are counted and never timed. */
export interface CommandCounts {
  readonly invalidate: number;
  readonly completionWait: number;
}

/** Makes the IOMMUs of a host. */
export function iommusIn(
  memory: Memory,
  host: HostParameters,
  own: OwnMemory,
  hardware: IommuHardware | null,
) {
  const { name, bytes, at } = layoutOf('amd_iommu', AMD_IOMMU, host.pointerBytes);
  const addresses = Array.from({ length: host.iommus }, (_, number) => {
    const iommu = own.reserve(`the ${name} of IOMMU ${number}`, bytes / WORD_BYTES);
    memory.store(iommu + at.gaLog, own.reserve(`the GA log of IOMMU ${number}`, GA_LOG_ENTRIES * 2));
    return iommu;
  });

  function increment(counter: Address): void {
    memory.store(counter, memory.load(counter) + 1);
  }

  function queueInvalidate(iommu: Address, device: number): void {
    increment(iommu + at.invalidateCount);
    hardware?.queueInvalidate(iommu, device);
  }

  /** The wait, too, is under the command lock, as in Linux until v6.19. */
  function completionWait(iommu: Address): void {
    increment(iommu + at.completionWaitCount);
    hardware?.awaitCompletion(iommu, hardware.queueWait(iommu));
  }

  /** The first half of a flush by itself. */
  function invalidate(iommu: Address, device: number): void {
    memory.lock(iommu + at.lock);
    queueInvalidate(iommu, device);
    memory.unlock(iommu + at.lock);
  }

  /** The second half of a flush by itself. */
  function awaitCompletion(iommu: Address): void {
    memory.lock(iommu + at.lock);
    completionWait(iommu);
    memory.unlock(iommu + at.lock);
  }

  return {
    at,
    addresses,
    /** The IOMMU that a device is behind. */
    behind: (device: number): Address => addresses[device % host.iommus] as Address,
    setDriverData: (iommu: Address, data: Address): void => memory.store(iommu + at.driverData, data),
    driverDataOf: (iommu: Address): Address => memory.load(iommu + at.driverData),

    /**
     * Queues the two commands that make an IOMMU forget what it has cached of a device's table, and waits for their
     * completion.
     */
    flush(iommu: Address, device: number): void {
      if (host.commandLock === 'per-command') {
        invalidate(iommu, device);
        awaitCompletion(iommu);
        return;
      }
      memory.lock(iommu + at.lock);
      queueInvalidate(iommu, device);
      completionWait(iommu);
      memory.unlock(iommu + at.lock);
    },

    invalidate,
    awaitCompletion,

    /** The counters that a wait for completion increments, while it holds the command lock. */
    completionWaits: addresses.map((iommu) => iommu + at.completionWaitCount),

    /** Commands queued by all IOMMUs since the host was made. */
    commands(): CommandCounts {
      // Not load(): nobody is charged for it.
      const sum = (counter: number): number =>
        addresses.reduce((total, iommu) => total + (memory.words[iommu + counter] as number), 0);
      return { invalidate: sum(at.invalidateCount), completionWait: sum(at.completionWaitCount) };
    },

    /** The structures, for a memory that counts. */
    objects: addresses.map((iommu) => [iommu, bytes / WORD_BYTES] as const),

    lockClassOf: (lock: Address): string | null =>
      addresses.some((iommu) => lock === iommu + at.lock) ? name : null,
  };
}

/** What {@link iommusIn} makes. */
export type Iommus = ReturnType<typeof iommusIn>;
