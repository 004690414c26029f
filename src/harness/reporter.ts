import { type Address, NULL } from '../machine/memory.js';
import type { Operation } from '../workloads/stream.js';
import type { Findings, Involved } from './findings.js';
import { type Model, NONE } from './model.js';
import { describeOperation, describeVcpu } from './operation-text.js';
import type { Replay } from './replay.js';
import type { FindingKind } from './results.js';

/** What a finding shows. */
interface Observed {
  readonly expected: string;
  readonly found: string;
}

/** Turns what the judges see into findings on the operation that is being judged. */
export class Reporter {
  readonly #model: Model;
  readonly #replay: Replay;
  readonly #findings: Findings;
  #operation: Operation = { name: 'drainGaLog', operand: 0, argument: 0, count: 0, firstVcpuId: 0 };
  #index = -1;

  constructor(model: Model, replay: Replay, findings: Findings) {
    this.#model = model;
    this.#replay = replay;
    this.#findings = findings;
  }

  /** The operation that is being judged. */
  get operation(): Operation {
    return this.#operation;
  }

  /** Operations begun so far. */
  get operations(): number {
    return this.#index + 1;
  }

  /** Begins the next operation. */
  begin(operation: Operation): void {
    this.#operation = operation;
    this.#index++;
  }

  /**
   * A fault of one irq's entry or interrupt.
   *
   * @param irq - NONE for an entry that no irq has.
   * @param describe - Texts of what was expected and found; made only where they are shown.
   */
  reportIrq(kind: FindingKind, irq: number, describe: () => Observed): void {
    const { name, operand, argument } = this.#operation;
    const acting = name === 'load' || name === 'put' ? operand : name === 'route' ? argument >>> 8 : NONE;
    const owner = this.#model.irqs[irq]?.vcpu ?? NONE;
    const vcpus = [acting, owner].filter((vcpu) => vcpu !== NONE).map((vcpu) => this.#model.vcpu(vcpu));
    const involved = {
      irq: irq === NONE ? null : irq,
      lastVm: Math.max(NONE, ...vcpus.map(({ vm }) => vm)),
      maxVcpuId: Math.max(NONE, ...vcpus.map(({ id }) => id)),
    };
    const ownerText = owner === NONE ? '' : `, owned by ${describeVcpu(owner, this.#model)}`;
    this.#report(kind, involved, irq === NONE ? '' : `the IRTE of irq ${irq}${ownerText}: `, describe);
  }

  /** A fault of the whole: any VM and vCPU so far may have part in it. */
  report(kind: FindingKind, describe: () => Observed): void {
    const { vms, maxVcpuId } = this.#model;
    this.#report(kind, { irq: null, lastVm: vms.length - 1, maxVcpuId }, '', describe);
  }

  /** The vCPU at an address, by name. */
  nameOf(address: Address): string {
    if (address === NULL) return 'nobody';
    const vcpu = this.#replay.vcpus.indexOf(address);
    return vcpu === -1 ? `address ${address}, which is no vCPU` : describeVcpu(vcpu, this.#model);
  }

  #report(kind: FindingKind, involved: Involved, about: string, describe: () => Observed): void {
    this.#findings.add(kind, involved, () => {
      const { expected, found } = describe();
      const what = describeOperation(this.#operation, this.#model);
      const text = `${what}; ${about}expected ${expected}; found ${found}`;
      return { operation: this.#index, what, irq: involved.irq, expected, found, text };
    });
  }
}
