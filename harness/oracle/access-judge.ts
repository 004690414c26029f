// Judges each access of a strategy in checked memory: what it touches, and under which locks.

import type { Address } from '../../machine/memory.js';
import { isWithoutLocks } from '../../strategies/limits.js';
import type { Strategy } from '../../strategies/strategy.js';
import { type Operation, type OperationStream, operationAt } from '../../workloads/stream/stream.js';
import type { Replay } from '../replay/replay.js';
import type { CheckName } from '../results/checks.js';
import type { FindingKind } from '../results/results.js';
import { DisciplineJudge } from './locks/discipline-judge.js';
import type { CheckedMemory, Fault, FaultKind } from './memory/checked-memory.js';
import { MemoryNames } from './memory-names.js';
import type { Model } from './model.js';
import type { Reporter } from './reporter.js';

/** What a fault of checked memory is a finding of. */
export const FAULTS: Readonly<Record<FaultKind, { readonly check: CheckName; readonly kind: FindingKind }>> =
  {
    freed: { check: 'memory', kind: 'stale-pointer' },
    unallocated: { check: 'memory', kind: 'wild-access' },
    foreign: { check: 'ownership', kind: 'foreign-write' },
    'bad-free': { check: 'frees', kind: 'bad-free' },
  };

/** The judge of accesses. */
export class AccessJudge {
  readonly #memory: CheckedMemory;
  readonly #reporter: Reporter;
  readonly #names: MemoryNames;
  readonly #stream: OperationStream;
  /** The offset of each operation that was begun. */
  readonly #offsets: number[] = [];
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
    this.#stream = stream;
    this.#names = new MemoryNames(memory, replay, (index) => this.operation(index), model);
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
    this.#memory.operation = this.#offsets.length;
    this.#offsets.push(offset);
    this.#discipline.begin(operation);
  }

  /** An operation by its number from 0; undefined if it was not begun. */
  operation(index: number): Operation | undefined {
    const offset = this.#offsets[index];
    return offset === undefined ? undefined : operationAt(this.#stream.words, offset);
  }

  nameOfLock(lock: Address): string {
    return this.#names.ofLock(lock);
  }

  /** Objects that are not freed, by name. */
  left(): string[] {
    return this.#memory.live().map((object) => this.#names.ofObject(object));
  }

  #reportFault(fault: Fault): void {
    const { check, kind } = FAULTS[fault.kind];
    this.#reporter.report(check, kind, () => {
      const found = this.#names.ofFault(fault);
      return { expected: 'an access to what is allocated', found, outcome: found };
    });
  }
}
