// A schedule in words: the steps of each CPU until its turn ended.
import type { Address } from '../../../machine/memory.js';
import { operationsOf } from '../../../workloads/stream/history.js';
import { describeHost, describeOperation, stepsOf } from '../../../workloads/stream/operation-text.js';
import { HEADER_WORDS } from '../../../workloads/stream/stream.js';
import type { Counterexample } from '../../results/results.js';
import type { ScheduleJudge } from './schedule-judge.js';
import { cpuName, type Run, type Turn } from './scheduler.js';
import type { AccessKind } from './turn-memory.js';

const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** "1st", "2nd", "17th". */
const ordinal = (number: number): string => `${number}${SUFFIXES[ORDINALS.select(number)] ?? 'th'}`;

type StepWords = (address: Address, judge: ScheduleJudge, value: number) => string;

const commandWords: StepWords = () => {
  throw new Error('a command is part of the step before');
};

/** Each kind of step in words. */
const STEP_WORDS: Readonly<Record<AccessKind, StepWords>> = {
  load: (address, { names }) => `a load of ${names.ofWord(address)}`,
  store: (address, { names }) => `a store to ${names.ofWord(address)}`,
  lock: (address, { lockName }) => `taking ${lockName(address)}`,
  unlock: (address, { lockName }) => `releasing ${lockName(address)}`,
  alloc: (_address, _judge, value) => `the allocation of ${value} bytes`,
  wake: (address, { names }) => `the wakeup of the vCPU at ${names.ofWord(address)}`,
  free: (address, { names }) => `the free of the object with ${names.ofWord(address)}`,
  command: commandWords,
  completion: commandWords,
};

/**
 * Merges consecutive turns of one CPU, and leaves out preempted turns without a step. If an IOMMU completes its commands as soon
 * as a CPU waits for that, the CPU's turn goes on.
 *
 * @param cpus - IOMMUs have the numbers from there on.
 */
function merged(turns: readonly Turn[], cpus: number): Turn[] {
  const kept: Turn[] = [];
  turns.forEach((turn, index) => {
    const previous = kept.at(-1);
    const isNothing = turn.steps === 0 && turn.end === 'preempted' && index < turns.length - 1;
    if (isNothing) return;
    const { cpu: nextCpu, steps: nextSteps = 0 } = turns[index + 1] ?? {};
    const isAwaited = previous?.end === 'waits' && previous.waitsFor === null && previous.cpu === nextCpu;
    if (turn.cpu >= cpus && isAwaited && nextSteps > 0) {
      kept[kept.length - 1] = { ...previous, end: 'preempted' };
    } else if (previous?.cpu === turn.cpu && previous.end === 'preempted') {
      kept[kept.length - 1] = { ...turn, from: previous.from, steps: previous.steps + turn.steps };
    } else {
      kept.push(turn);
    }
  });
  return kept;
}

/** @param turns - Merged turns. @param index - The turn to describe. */
function turnText(turns: readonly Turn[], index: number, judge: ScheduleJudge): string {
  const { cpu, from, steps, end, waitsFor } = turns[index] as Turn;
  const iommu = cpu - judge.runner.case.concurrent.length;
  if (iommu >= 0) return `IOMMU ${iommu} completes ${steps === 1 ? 'a command' : `${steps} commands`}`;
  const isFirst = turns.findIndex((turn) => turn.cpu === cpu) === index;
  const doing = `${cpuName(cpu)} ${isFirst ? `runs ${concurrentTexts(judge)[cpu]}` : 'goes on'}`;
  switch (end) {
    case 'done':
      return `${doing} to its end`;
    case 'failed':
      return `${doing}, and fails`;
    case 'waits':
      return `${doing} until it waits for ${waitsFor === null ? 'its flush to complete' : judge.lockName(waitsFor)}`;
    case 'preempted': {
      const step = judge.runner.scheduler.stepOf(cpu, from + steps);
      // A CPU that waited for a lock has not made the step.
      const lock = turns.slice(index + 1).find((turn) => turn.cpu === cpu)?.waitsFor ?? null;
      const next = step ?? (lock === null ? null : { kind: 'lock' as const, address: lock, value: 0 });
      const text = next === null ? '' : `, ${STEP_WORDS[next.kind](next.address, judge, next.value)}`;
      return `${doing} until before its ${ordinal(from + steps + 1)} step${text}`;
    }
  }
}

/**
 * The counterexample of a schedule.
 *
 * @param judge - Its runner has just run the schedule.
 * @remarks The steps before the concurrent operations can be read back as a history.
 */
export function counterexampleOf({ turns }: Run, outcome: string, judge: ScheduleJudge): Counterexample {
  const { stream, offsets, host, concurrent } = judge.runner.case;
  const shown = merged(turns, concurrent.length);
  return {
    host: describeHost(host),
    steps: [
      ...stepsOf(operationsOf(stream, HEADER_WORDS, offsets[0])),
      ...shown.map((_, index) => turnText(shown, index, judge)),
    ],
    outcome,
  };
}

/** Each concurrent operation in words, in quotation marks. */
const concurrentTexts = ({ runner, vcpus }: ScheduleJudge): string[] =>
  runner.case.concurrent.map((operation) => `"${describeOperation(operation, vcpus)}"`);

/** All concurrent operations in words. */
export const concurrentText = (judge: ScheduleJudge): string => concurrentTexts(judge).join(' at once with ');
