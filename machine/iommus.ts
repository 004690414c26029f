// The host's IOMMUs: the driver's structure for each, its GA log ring, and the invalidation commands that the driver
// queues. The lock of a structure protects its command counters.
import type { HostParameters } from './host.js';
import { layoutOf } from './layout.js';
import { type Address, type Memory, WORD_BYTES } from './memory.js';
import type { OwnMemory } from './own-memory.js';

/** Entries of a GA log ring, 8 bytes each. One stays empty, because head = tail means that the ring is empty. */
export const GA_LOG_ENTRIES = 512;

/** The driver's structure for an IOMMU. `driverData` is the strategy's own. */
export const AMD_IOMMU = {
  gaLog: 'pointer',
  gaLogHead: 'u32',
  gaLogTail: 'u32',
  gaLogOverflow: 'u32',
  invalidateCount: 'u32',
  completionWaitCount: 'u32',
  /** Held around each command that the driver queues. */
  lock: 'u32',
  driverData: 'pointer',
} as const;

/** Invalidation commands that the IOMMU driver has queued. They are counted and never timed. */
export interface CommandCounts {
  readonly invalidate: number;
  readonly completionWait: number;
}

/** Makes the IOMMUs of a host. */
export function iommusIn(memory: Memory, host: HostParameters, own: OwnMemory) {
  const { name, bytes, at } = layoutOf('amd_iommu', AMD_IOMMU, host.pointerBytes);
  const addresses = Array.from({ length: host.iommus }, (_, number) => {
    const iommu = own.reserve(`the ${name} of IOMMU ${number}`, bytes / WORD_BYTES);
    memory.store(iommu + at.gaLog, own.reserve(`the GA log of IOMMU ${number}`, GA_LOG_ENTRIES * 2));
    return iommu;
  });
  const iommuOf = (devid: number): Address => addresses[devid % host.iommus] as Address;

  function increment(counter: Address): void {
    memory.store(counter, memory.load(counter) + 1);
  }

  return {
    at,
    addresses,
    iommuOf,
    completionWaits: addresses.map((iommu) => iommu + at.completionWaitCount),
    setDriverData: (iommu: Address, data: Address): void => memory.store(iommu + at.driverData, data),
    driverDataOf: (iommu: Address): Address => memory.load(iommu + at.driverData),

    /** Queues the two commands that make an IOMMU forget what it has cached of a device's table. */
    flush(devid: number): void {
      const iommu = iommuOf(devid);
      memory.lock(iommu + at.lock);
      increment(iommu + at.invalidateCount);
      if (host.flush === 'per-entry') {
        memory.unlock(iommu + at.lock);
        memory.lock(iommu + at.lock);
      }
      increment(iommu + at.completionWaitCount);
      memory.unlock(iommu + at.lock);
    },

    /** Commands queued by all IOMMUs since the host was made. */
    commands(): CommandCounts {
      const sum = (counter: number): number =>
        addresses.reduce((total, iommu) => total + memory.load(iommu + counter), 0);
      return { invalidate: sum(at.invalidateCount), completionWait: sum(at.completionWaitCount) };
    },

    lockClassOf: (lock: Address): string | null =>
      addresses.some((iommu) => lock === iommu + at.lock) ? name : null,
  };
}

/** What {@link iommusIn} makes. */
export type Iommus = ReturnType<typeof iommusIn>;
