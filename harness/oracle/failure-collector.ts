import type { Limit } from '../../strategies/limits.js';
import type { CheckName } from '../results/checks.js';
import type { FailureKind } from '../results/failures.js';
import type { Finding } from '../results/results.js';

/** The objects that a failure concerns: enough to decide whether a declared limit covers it. */
export interface Involved {
  readonly irq: number | null;
  /** The newest VM concerned, numbered from 0 by creation since boot; -1 if none is. */
  readonly lastVm: number;
  /** VMs that exist, including one that is being created. */
  readonly vms: number;
  /** vCPUs that exist, including those of a VM that is being created. */
  readonly vcpus: number;
  /** The largest vCPU id concerned; -1 if none is. */
  readonly maxVcpuId: number;
  /** The largest index of a concerned vCPU in its VM; -1 if none is. */
  readonly maxVcpuIndex: number;
}

/** Failures of a strategy with the same key are one failure, with a count. */
export const keyOf = ({ check, kind, declaredBy }: Pick<Finding, 'check' | 'kind' | 'declaredBy'>): string =>
  `${check}/${kind}/${declaredBy}`;

/**
 * Collects the failures of one check by kind and covering limit, with the first example of each.
 *
 * @param maxVmId - The host's bound on vm_ids and on indices of vCPUs.
 */
export function failureCollector(limits: readonly Limit[], maxVmId: number) {
  const failures = new Map<string, Finding>();

  /** The declared limit that covers a failure, or null. */
  function declaredByOf(check: CheckName, kind: FailureKind, involved: Involved): Limit['kind'] | null {
    const { lastVm, vms, vcpus, maxVcpuId, maxVcpuIndex } = involved;
    const hasEnded = kind === 'threw' || kind === 'endless';
    const isWake = kind === 'misdelivered' || kind === 'lost-wakeup';
    const isOtherEntry = check === 'other-entries';
    const isOfTags = isWake || (isOtherEntry && kind !== 'same-bucket');
    // Some designs decode an irq's last owner from its last tag. A wrong owner leaves the irq on a list, under the lock
    // of that list.
    const isOfOwners =
      isWake || isOtherEntry || kind === 'leak' || kind === 'stale-pointer' || kind === 'data-race';
    const covers = ({ kind: limit, value = 0 }: Limit): boolean => {
      switch (limit) {
        case 'no-tag-compare':
          return isOtherEntry && kind !== 'aliased-tag';
        case 'ga-log-first-match':
          return isWake;
        case 'max-vm-id':
          return isOfTags && lastVm + 1 > value;
        case 'max-vms':
          return hasEnded && vms > Math.min(value, maxVmId);
        case 'max-vcpus':
          return hasEnded && vcpus > Math.min(value, maxVmId);
        case 'max-vcpu-id':
          return isOfOwners && maxVcpuId > value;
        case 'max-vcpu-index':
          return isOfOwners && maxVcpuIndex > value;
        case 'leaves-table-last':
        case 'wakes-unlocked':
        case 'no-locks':
          // No sequential operations exceed these limits; verify/schedules/ applies them.
          return false;
      }
    };
    return limits.find(covers)?.kind ?? null;
  }

  return {
    /** @param describe - Called for the first failure of its kind and limit only. */
    add(check: CheckName, kind: FailureKind, involved: Involved, describe: () => Finding['first']): void {
      const declaredBy = declaredByOf(check, kind, involved);
      const key = keyOf({ check, kind, declaredBy });
      const known = failures.get(key);
      if (known !== undefined) known.count++;
      else failures.set(key, { kind, check, count: 1, declaredBy, first: describe(), counterexample: null });
    },
    list: (): Finding[] => [...failures.values()],
  };
}

/** What {@link failureCollector} makes. */
export type FailureCollector = ReturnType<typeof failureCollector>;
