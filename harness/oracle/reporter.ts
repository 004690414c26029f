import { type Address, NULL } from '../../machine/memory.js';
import { describeOperation, describeVcpu } from '../../workloads/stream/operation-text.js';
import type { Operation } from '../../workloads/stream/stream.js';
import type { Replay } from '../replay/replay.js';
import type { CheckName } from '../results/checks.js';
import type { FindingKind } from '../results/results.js';
import type { Findings, Involved } from './findings.js';
import { type Model, NONE } from './model.js';

/** What a finding shows. */
export interface Observed {
  readonly expected: string;
  readonly found: string;
  /** What it came to, in one sentence; of an irq's entry, what follows "the IRTE of irq N". */
  readonly outcome: string;
}

const NO_OPERATION: Operation = { name: 'drainGaLog', operand: 0, argument: 0, count: 0, firstVcpuId: 0 };

/** Turns what the judges see into findings on the operation that is being judged. */
export class Reporter {
  readonly #model: Model;
  readonly #replay: Replay;
  readonly #findings: Findings;
  readonly #without: CheckName | null;
  #operation = NO_OPERATION;
  #index = -1;

  /** @param without - A check that is turned off. */
  constructor(model: Model, replay: Replay, findings: Findings, without: CheckName | null) {
    this.#model = model;
    this.#replay = replay;
    this.#findings = findings;
    this.#without = without;
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

  /** Goes back to an operation, to report what was found of it afterwards. */
  goBack(operation: Operation, index: number): void {
    this.#operation = operation;
    this.#index = index;
  }

  /**
   * A fault of one irq's entry or interrupt.
   *
   * @param irq - NONE for an entry that no irq has.
   * @param describe - Texts of what was expected and found; made only where they are shown.
   * @returns Whether it was reported; it is not if the check is turned off.
   */
  reportIrq(check: CheckName, kind: FindingKind, irq: number, describe: () => Observed): boolean {
    const { name, operand, argument } = this.#operation;
    const acting = name === 'load' || name === 'put' ? operand : name === 'route' ? argument >>> 8 : NONE;
    const model = this.#model;
    const owner = irq === NONE ? NONE : model.vcpuOf(irq);
    const vcpus = [acting, owner].filter((vcpu) => vcpu !== NONE);
    const involved = {
      ...this.#everything(),
      irq: irq === NONE ? null : irq,
      lastVm: Math.max(NONE, ...vcpus.map((vcpu) => model.vmOf(vcpu))),
      maxVcpuId: Math.max(NONE, ...vcpus.map((vcpu) => model.vcpuIdOf(vcpu))),
      maxVcpuIndex: Math.max(NONE, ...vcpus.map((vcpu) => model.vcpuIndexOf(vcpu))),
    };
    const ownerName = owner === NONE ? 'nobody' : describeVcpu(owner, model);
    const entry = irq === NONE ? 'an IRTE that no irq has' : `the IRTE of irq ${irq}, owned by ${ownerName},`;
    return this.#report(check, kind, involved, () => {
      const observed = describe();
      return { ...observed, outcome: `${entry} ${observed.outcome}` };
    });
  }

  /**
   * A GA log entry that woke the wrong vCPU, or none.
   *
   * @param irq - The one that it was written for.
   * @param isOutlived - Whether the VM of that time is gone.
   */
  reportWake(
    kind: 'lost-wakeup' | 'misdelivered',
    irq: number,
    isOutlived: boolean,
    describe: () => Observed,
  ): void {
    this.#report('interrupts', kind, { ...this.#everything(), irq, isOutlived }, describe);
  }

  /** A fault of the whole: any VM and vCPU so far may have part in it. */
  report(check: CheckName, kind: FindingKind, describe: () => Observed): boolean {
    return this.#report(check, kind, this.#everything(), describe);
  }

  /** The vCPU at an address, by name. */
  nameOf(address: Address): string {
    if (address === NULL) return 'nobody';
    const vcpu = this.#replay.vcpus.indexOf(address);
    return vcpu === -1 ? `address ${address}, which is no vCPU` : describeVcpu(vcpu, this.#model);
  }

  #everything(): Involved {
    const { createdVms, aliveVms, maxVcpuId, maxVcpuIndex } = this.#model;
    const { name, operand } = this.#operation;
    // While a VM is being created the model does not know it.
    const isCreating = name === 'createVm' && !this.#model.isAlive(operand);
    return {
      irq: null,
      lastVm: createdVms - 1,
      vms: aliveVms + (isCreating ? 1 : 0),
      maxVcpuId,
      maxVcpuIndex,
      isOutlived: false,
    };
  }

  #report(check: CheckName, kind: FindingKind, involved: Involved, describe: () => Observed): boolean {
    if (check === this.#without) return false;
    this.#findings.add(check, kind, involved, () => {
      const what = this.#index < 0 ? 'create()' : describeOperation(this.#operation, this.#model);
      return { operation: Math.max(0, this.#index), what, irq: involved.irq, ...describe() };
    });
    return true;
  }
}
