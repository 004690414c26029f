// Judges each access of a strategy in checked memory: what it touches, and under which locks.
import type { CheckedMemory, Fault, FaultKind } from '../machine/checked-memory.js';
import type { Address } from '../machine/memory.js';
import { isWithoutLocks, type Strategy } from '../strategies/strategy.js';
import type { Operation, OperationStream } from '../workloads/stream.js';
import type { CheckName } from './checks.js';
import { DisciplineJudge } from './discipline/discipline-judge.js';
import type { Model } from './model.js';
import { ObjectNames } from './object-names.js';
import type { Replay } from './replay.js';
import type { Reporter } from './reporter.js';
import type { FindingKind } from './results.js';

const FAULTS: Readonly<Record<FaultKind, { readonly check: CheckName; readonly kind: FindingKind }>> = {
  freed: { check: 'memory', kind: 'stale-pointer' },
  unallocated: { check: 'memory', kind: 'wild-access' },
  foreign: { check: 'ownership', kind: 'foreign-write' },
  'bad-free': { check: 'frees', kind: 'bad-free' },
};

/** The judge of accesses. */
export class AccessJudge {
  readonly #memory: CheckedMemory;
  readonly #reporter: Reporter;
  readonly #names: ObjectNames;
  readonly #discipline: DisciplineJudge;

  /** @param early - Faults before the first operation, in the strategy's create(). */
  constructor(
    memory: CheckedMemory,
    stream: OperationStream,
    strategy: Strategy,
    replay: Replay,
    model: Model,
    reporter: Reporter,
    early: readonly Fault[],
  ) {
    this.#memory = memory;
    this.#reporter = reporter;
    this.#names = new ObjectNames(stream, memory, replay, model);
    this.#discipline = new DisciplineJudge(
      memory,
      replay,
      model,
      reporter,
      this.#names,
      !isWithoutLocks(strategy),
    );
    memory.onFault = (fault) => this.#reportFault(fault);
    for (const fault of early) this.#reportFault(fault);
  }

  /** Begins the operation at an offset of the stream, which the model has not taken on. */
  begin(operation: Operation, offset: number): void {
    this.#names.begin(offset);
    this.#discipline.begin(operation);
  }

  /** An operation by its number from 0. */
  operation(index: number): Operation | undefined {
    return this.#names.operation(index);
  }

  nameOfLock(lock: Address): string {
    return this.#names.nameOfLock(lock);
  }

  /** Objects that are not freed, by name. */
  left(): string[] {
    return this.#memory.live().map((object) => this.#names.nameOf(object));
  }

  #reportFault(fault: Fault): void {
    const { check, kind } = FAULTS[fault.kind];
    this.#reporter.report(check, kind, () => {
      const found = this.#describeFault(fault);
      return { expected: 'an access to what is allocated', found, outcome: found };
    });
  }

  /** Such as: read word 2 of the kvm_kernel_irqfd of irq 3, freed by "free irq 3". */
  #describeFault({ kind, action, address, object }: Fault): string {
    const names = this.#names;
    if (kind === 'bad-free' && object !== null) return `${action}: ${names.nameOf(object)}`;
    if (object === null) {
      const before = this.#memory.objectBefore(address);
      if (kind !== 'unallocated' || before === null) return `${action} ${names.nameOfWord(address)}`;
      return `${action} beyond the ${before.bytes} bytes of ${names.nameOf(before)}`;
    }
    const freedBy = object.freedBy === null ? '' : `, freed by ${names.describe(object.freedBy)}`;
    return `${action} ${names.nameOfWord(address)}${freedBy}`;
  }
}
