// All enumerated cases with at most one preemption: a tenth of the schedules that `verify` judges.
import { PATIENCE } from '../../../../harness/method.js';
import type { CheckedMemory } from '../../../../harness/oracle/memory/checked-memory.js';
import type { Finding } from '../../../../harness/results/results.js';
import { ENUMERATED_CASES } from '../../../../harness/verify/schedules/enumerated-cases.js';
import { judgeCase } from '../../../../harness/verify/schedules/schedule-check.js';
import type { Strategy } from '../../../../strategies/strategy.js';

/** The declared limits of the built-in strategies that show themselves on schedules. */
export const DECLARED: Readonly<Record<string, readonly string[]>> = {
  'posted-v4': ['no-tag-compare'],
  'merged-4.9': ['wakes-unlocked'],
  'merged-6.17': ['leaves-table-last', 'wakes-unlocked'],
  'merged-7.3': ['wakes-unlocked'],
  floor: ['no-locks'],
};

/** The result of all enumerated cases. */
export interface JudgedCases {
  readonly schedules: number;
  /** Whether every case was judged on all these schedules. */
  readonly isExhaustive: boolean;
  readonly findings: readonly Finding[];
}

/** Judges a strategy on every enumerated case. */
export function judgeWithOnePreemption(strategy: Strategy, memory: CheckedMemory): JudgedCases {
  // On a busy machine the largest cases exceed the first bound of CPU time.
  const context = { strategy, memory, patience: PATIENCE.second };
  const judged = ENUMERATED_CASES.map((_, enumerated) => judgeCase({ enumerated, preemptions: 1 }, context));
  return {
    schedules: judged.reduce((sum, { schedules }) => sum + schedules, 0),
    isExhaustive: judged.every(({ isComplete }) => isComplete),
    findings: judged.flatMap(({ findings }) => findings.map(({ finding }) => finding)),
  };
}
