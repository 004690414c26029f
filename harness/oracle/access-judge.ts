// Judges each access of a strategy in checked memory: its target, and the locks that are held.

import type { Address } from '../../machine/memory.js';
import { type Operation, type OperationStream, operationAt } from '../../workloads/stream/stream.js';
import type { CheckName } from '../results/checks.js';
import type { FailureKind } from '../results/failures.js';
import { DisciplineJudge } from './locks/discipline-judge.js';
import type { CheckedMemory, Fault, FaultKind } from './memory/checked-memory.js';
import { MemoryNames } from './memory-names.js';
import type { JudgeContext, Observed, Reporter } from './reporter.js';

/** The check and the kind of failure for each fault of checked memory. */
export const FAULTS: Readonly<Record<FaultKind, { readonly check: CheckName; readonly kind: FailureKind }>> =
  {
    freed: { check: 'memory', kind: 'stale-pointer' },
    'found-freed': { check: 'interrupts', kind: 'found-freed' },
    'freed-before-wakeup': { check: 'interrupts', kind: 'freed-before-wakeup' },
    unallocated: { check: 'memory', kind: 'wild-access' },
    foreign: { check: 'ownership', kind: 'foreign-write' },
    'bad-free': { check: 'frees', kind: 'bad-free' },
  };

/** The texts of a fault. */
export function describeFault(fault: Fault, names: MemoryNames): Observed {
  const found = names.ofFault(fault);
  return { expected: 'an access to what is allocated', found, outcome: found };
}

/** The judge of accesses. */
export class AccessJudge {
  readonly #memory: CheckedMemory;
  readonly #reporter: Reporter;
  readonly #names: MemoryNames;
  readonly #stream: OperationStream;
  /** Offsets of the operations begun so far. */
  readonly #offsets: number[] = [];
  readonly #discipline: DisciplineJudge;

  /** @param early - Faults of the strategy's create(). */
  constructor(context: JudgeContext, memory: CheckedMemory, early: readonly Fault[]) {
    const { stream, replay, model, reporter } = context;
    this.#memory = memory;
    this.#reporter = reporter;
    this.#stream = stream;
    this.#names = new MemoryNames(memory, replay, (index) => this.operation(index), model);
    this.#discipline = new DisciplineJudge(context, memory, this.#names);
    memory.onFault = (fault) => this.#reportFault(fault);
    for (const fault of early) this.#reportFault(fault);
  }

  /** Begins the operation at an offset of the stream, before the model applies it. */
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

  /** Names of the live objects. */
  left(): string[] {
    return this.#memory.live().map((object) => this.#names.ofObject(object));
  }

  #reportFault(fault: Fault): void {
    const { check, kind } = FAULTS[fault.kind];
    this.#reporter.report(check, kind, () => describeFault(fault, this.#names));
  }
}
