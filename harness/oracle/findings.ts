import type { Limit } from '../../strategies/limits.js';
import type { CheckName } from '../results/checks.js';
import type { Finding, FindingKind } from '../results/results.js';

/** What a finding is about: enough to decide whether a declared limit covers it. */
export interface Involved {
  readonly irq: number | null;
  /** The last created of the VMs concerned, counted from 0; -1 if none is. */
  readonly lastVm: number;
  /** VMs that there are, with one that is being created. */
  readonly vms: number;
  /** The largest vCPU id concerned; -1 if none is. */
  readonly maxVcpuId: number;
  /** The largest index of a vCPU concerned in its VM; -1 if none is. */
  readonly maxVcpuIndex: number;
  /** Whether a GA log entry was read whose VM is gone. */
  readonly isOutlived: boolean;
}

/** Findings of one check, gathered by kind and by the limit that covers them, with the first example of each. */
export class Findings {
  readonly #limits: readonly Limit[];
  readonly #maxVmId: number;
  readonly #findings = new Map<string, Finding>();

  /** @param maxVmId - The host's bound on vm_ids. */
  constructor(limits: readonly Limit[], maxVmId: number) {
    this.#limits = limits;
    this.#maxVmId = maxVmId;
  }

  /** @param describe - Called for the first finding of its kind and limit alone. */
  add(check: CheckName, kind: FindingKind, involved: Involved, describe: () => Finding['first']): void {
    const declaredBy = this.#declaredBy(check, kind, involved);
    const key = `${check}/${kind}/${declaredBy}`;
    const known = this.#findings.get(key);
    if (known !== undefined) known.count++;
    else
      this.#findings.set(key, { kind, check, count: 1, declaredBy, first: describe(), counterexample: null });
  }

  list(): Finding[] {
    return [...this.#findings.values()];
  }

  /**
   * The declared limit that a finding lies within, or null.
   *
   * @remarks vm_ids begin at 1, so the VM created n-th, from 0, has at the most the id n + 1.
   */
  #declaredBy(check: CheckName, kind: FindingKind, involved: Involved): Limit['kind'] | null {
    const { lastVm, vms, maxVcpuId, maxVcpuIndex, isOutlived } = involved;
    const isWake = kind === 'misdelivered' || kind === 'lost-wakeup';
    const isOtherEntry = check === 'other-entries';
    const isOfTags = isWake || (isOtherEntry && kind !== 'same-bucket');
    // Where an irq's last owner is decoded from its last tag, a wrong one leaves the irq on a list, under that list's lock.
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
          return (kind === 'threw' || kind === 'endless') && vms > Math.min(value, this.#maxVmId);
        case 'id-reuse':
          return kind === 'misdelivered' && isOutlived;
        case 'max-vcpu-id':
          return isOfOwners && maxVcpuId > value;
        case 'max-vcpu-index':
          return isOfOwners && maxVcpuIndex > value;
        case 'no-locks':
          // What comes of operations at once is no finding of one operation; see schedule-check.
          return false;
      }
    };
    return this.#limits.find(covers)?.kind ?? null;
  }
}
