import type { CachingIommus } from '../../machine/irte-cache.js';
import { type Address, NULL } from '../../machine/memory.js';
import type { Strategy } from '../../strategies/strategy.js';
import { describeOperation, describeVcpu } from '../../workloads/stream/operation-text.js';
import type { Operation, OperationStream } from '../../workloads/stream/stream.js';
import type { Replay } from '../replay/replay.js';
import type { CheckName } from '../results/checks.js';
import type { FailureKind } from '../results/failures.js';
import type { FailureCollector, Involved } from './failure-collector.js';
import type { JournaledMemory } from './memory/journaled-memory.js';
import { type Model, NONE } from './model.js';

/** The texts of a failure. */
export interface Observed {
  readonly expected: string;
  readonly found: string;
  /** The consequence, in one sentence. For an irq's entry, the predicate that follows "the IRTE of irq N". */
  readonly outcome: string;
}

/** The objects that all judges of a run share. */
export interface JudgeContext {
  readonly stream: OperationStream;
  readonly strategy: Strategy;
  /** The memory that the host works on. */
  readonly memory: JournaledMemory;
  /** The hardware of the host's IOMMUs. */
  readonly hardware: CachingIommus;
  readonly replay: Replay;
  readonly model: Model;
  readonly reporter: Reporter;
}

const NO_OPERATION: Operation = { name: 'drainGaLog', operand: 0, argument: 0, count: 0, firstVcpuId: 0 };

/** Attributes each failure that a judge sees to the operation that is being judged. */
export class Reporter {
  readonly #model: Model;
  readonly #replay: Replay;
  readonly #failures: FailureCollector;
  readonly #without: CheckName | undefined;
  #operation = NO_OPERATION;
  #index = -1;

  /** @param without - A check that is turned off. */
  constructor(model: Model, replay: Replay, failures: FailureCollector, without: CheckName | undefined) {
    this.#model = model;
    this.#replay = replay;
    this.#failures = failures;
    this.#without = without;
  }

  /** Operations begun so far. */
  get operations(): number {
    return this.#index + 1;
  }

  /** Begins the next operation. */
  begin(operation: Operation): void {
    this.goTo(operation, this.#index + 1);
  }

  /** Goes to an operation, so that the next failures are attributed to it. */
  goTo(operation: Operation, index: number): void {
    this.#operation = operation;
    this.#index = index;
  }

  /**
   * Reports a failure of one irq's entry or interrupt.
   *
   * @param irq - NONE for an entry that no irq has.
   * @param describe - Called only where its texts are shown.
   * @returns Whether it was reported: false if the check is turned off.
   */
  reportIrq(check: CheckName, kind: FailureKind, irq: number, describe: () => Observed): boolean {
    const { name, operand, argument } = this.#operation;
    const acting = name === 'load' || name === 'put' ? operand : name === 'route' ? argument >>> 8 : NONE;
    const model = this.#model;
    const owner = irq === NONE ? NONE : model.vcpuOf(irq);
    const vcpus = [acting, owner].filter((vcpu) => vcpu !== NONE);
    const involved = {
      ...this.#everything(),
      irq: irq === NONE ? null : irq,
      lastVm: Math.max(NONE, ...vcpus.map((vcpu) => model.creationOf(vcpu))),
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

  /** Reports what a GA log entry woke, or did not. @param irq - The irq that the entry was written for. */
  reportWake(kind: 'lost-wakeup' | 'found-freed', irq: number, describe: () => Observed): void {
    this.#report('interrupts', kind, { ...this.#everything(), irq }, describe);
  }

  /** Reports a failure that any VM and vCPU so far may have contributed to. */
  report(check: CheckName, kind: FailureKind, describe: () => Observed): boolean {
    return this.#report(check, kind, this.#everything(), describe);
  }

  /** The vCPU that lives at an address; NONE if none does. */
  vcpuAt(address: Address): number {
    const isAlive = (vcpu: number): boolean => this.#model.isAlive(this.#model.vmOf(vcpu));
    return this.#replay.vcpus.findIndex((at, vcpu) => at === address && isAlive(vcpu));
  }

  /** The vCPU at an address, by name. The address of a freed vCPU may belong to a later one. */
  nameOf(address: Address): string {
    if (address === NULL) return 'nobody';
    const alive = this.vcpuAt(address);
    const vcpu = alive === NONE ? this.#replay.vcpus.lastIndexOf(address) : alive;
    return vcpu === -1 ? `address ${address}, which is no vCPU` : describeVcpu(vcpu, this.#model);
  }

  #everything(): Involved {
    const { createdVms, aliveVms, aliveVcpus, maxVcpuId, maxVcpuIndex } = this.#model;
    const { name, operand, count } = this.#operation;
    // The model does not yet know a VM that is being created.
    const isCreating = name === 'createVm' && !this.#model.isAlive(operand);
    return {
      irq: null,
      lastVm: createdVms - 1,
      vms: aliveVms + (isCreating ? 1 : 0),
      vcpus: aliveVcpus + (isCreating ? count : 0),
      maxVcpuId,
      maxVcpuIndex,
    };
  }

  #report(check: CheckName, kind: FailureKind, involved: Involved, describe: () => Observed): boolean {
    if (check === this.#without) return false;
    this.#failures.add(check, kind, involved, () => {
      const what = this.#index < 0 ? 'create()' : describeOperation(this.#operation, this.#model);
      return { operation: Math.max(0, this.#index), what, irq: involved.irq, ...describe() };
    });
    return true;
  }
}
