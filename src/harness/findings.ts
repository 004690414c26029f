import type { Limit } from '../strategies/strategy.js';
import type { Finding, FindingKind } from './results.js';

/** What a finding is about: enough to decide whether a declared limit covers it. */
export interface Involved {
  readonly irq: number | null;
  /** The last created of the VMs concerned, counted from 0; -1 if none is. */
  readonly lastVm: number;
  /** The largest vCPU id concerned; -1 if none is. */
  readonly maxVcpuId: number;
}

/** Findings of one check, gathered by kind and by the limit that covers them, with the first example of each. */
export class Findings {
  readonly #limits: readonly Limit[];
  readonly #findings = new Map<string, Finding>();

  constructor(limits: readonly Limit[]) {
    this.#limits = limits;
  }

  /** @param describe - Called for the first finding of its kind and limit alone. */
  add(kind: FindingKind, involved: Involved, describe: () => Finding['first']): void {
    const declaredBy = this.#declaredBy(kind, involved);
    const key = `${kind}/${declaredBy}`;
    const known = this.#findings.get(key);
    if (known !== undefined) known.count++;
    else this.#findings.set(key, { kind, count: 1, declaredBy, first: describe() });
  }

  list(): Finding[] {
    return [...this.#findings.values()];
  }

  /**
   * The declared limit that a finding lies within, or null.
   *
   * @remarks vm_ids begin at 1, so the VM created n-th, from 0, has at the most the id n + 1.
   */
  #declaredBy(kind: FindingKind, { lastVm, maxVcpuId }: Involved): Limit['kind'] | null {
    const isWake = kind === 'misdelivered' || kind === 'lost-wakeup';
    const isOfIds = isWake || kind === 'aliased-tag';
    const covers = ({ kind: limit, value = 0 }: Limit): boolean => {
      switch (limit) {
        case 'no-tag-compare':
          return kind === 'same-bucket';
        case 'ga-log-first-match':
          return isWake;
        case 'max-vm-id':
          return isOfIds && lastVm + 1 > value;
        case 'max-vcpu-id':
          return isOfIds && maxVcpuId > value;
      }
    };
    return this.#limits.find(covers)?.kind ?? null;
  }
}
