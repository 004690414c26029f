// Judges each access of a strategy in checked memory: its target, and the locks that are held.

import { type Operation, operationAt } from '../../workloads/stream/stream.js';
import type { CheckName } from '../results/checks.js';
import type { FailureKind } from '../results/failures.js';
import { judgeDiscipline } from './locks/discipline-judge.js';
import type { CheckedMemory, Fault, FaultKind } from './memory/checked-memory.js';
import { type MemoryNames, memoryNames } from './memory-names.js';
import type { JudgeContext, Observed } from './reporter.js';

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

/**
 * Judges the accesses of a strategy from now on.
 *
 * @param early - Faults of the strategy's create().
 */
export function accessJudge(context: JudgeContext, memory: CheckedMemory, early: readonly Fault[]) {
  const { stream, replay, model, reporter } = context;
  /** Offsets of the operations begun so far. */
  const offsets: number[] = [];
  const names = memoryNames(memory, replay, operation, model);
  const beginLocks = judgeDiscipline(context, memory, names);

  /** An operation by its number from 0; undefined if it was not begun. */
  function operation(index: number): Operation | undefined {
    const offset = offsets[index];
    return offset === undefined ? undefined : operationAt(stream.words, offset);
  }

  function reportFault(fault: Fault): void {
    const { check, kind } = FAULTS[fault.kind];
    reporter.report(check, kind, () => describeFault(fault, names));
  }

  memory.onFault = reportFault;
  for (const fault of early) reportFault(fault);
  return {
    /** Begins the operation at an offset of the stream, before the model applies it. */
    begin(next: Operation, offset: number): void {
      memory.operation = offsets.length;
      offsets.push(offset);
      beginLocks(next);
    },
    operation,
    nameOfLock: names.ofLock,
    /** Names of the live objects. */
    left: (): string[] => memory.live().map(names.ofObject),
  };
}
