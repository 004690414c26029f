// Judges a strategy on many schedules: all schedules with few preemptions of the enumerated cases, then random ones.
// The unit of judgement is a case: its operations in each sequential order, then its schedules.

import { randomFrom } from '../../../machine/random.js';
import { isWithoutLocks, type LimitKind } from '../../../strategies/limits.js';
import { PATIENCE, PREEMPTIONS, RANDOM_SCHEDULES_PER_CASE, WRONG_CASES } from '../../method.js';
import { check, ENDLESS, failureOf, resultOf } from '../../oracle/oracle.js';
import { patiently } from '../../replay/watchdog.js';
import type { FailureKind } from '../../results/failures.js';
import type { Finding } from '../../results/results.js';
import { FailureExamples } from '../failure-examples.js';
import { type CaseContext, caseRunner } from './case-runner.js';
import { ENUMERATED_CASES } from './enumerated-cases.js';
import { randomCase } from './random-cases.js';
import { type CaseStream, caseStream, ordersOf, type ScheduleCase, streamInOrder } from './schedule-case.js';
import { type Problem, type ScheduleJudge, scheduleJudge } from './schedule-judge.js';
import { exploration, keyOfRun, randomSchedules, type ScheduleSource } from './schedule-sources.js';
import { concurrentText, counterexampleOf } from './schedule-text.js';
import type { Schedule } from './scheduler.js';

/** A failure with the number of schedules that showed it. */
export interface ScheduleFailure {
  readonly finding: Finding;
  readonly schedules: number;
}

/** The result of all schedules of a strategy. */
export interface ScheduleCheck {
  readonly strategy: string;
  readonly cases: number;
  /** Distinct schedules. */
  readonly schedules: number;
  /** The number of them that belong to the enumerated cases. */
  readonly enumerated: number;
  /** Whether every enumerated case was judged on all its schedules with few preemptions. */
  readonly isExhaustive: boolean;
  readonly seconds: number;
  readonly findings: readonly ScheduleFailure[];
}

/** How random schedules are drawn. */
export interface ScheduleDraw {
  readonly count: number;
  readonly seed: number;
}

/** How cases are judged. */
export interface ScheduleContext extends Omit<CaseContext, 'patience'> {
  /** Judges a case for the second time; see PATIENCE. */
  readonly judgeAgain: (place: CasePlace) => JudgedCase;
  /** Called repeatedly. */
  readonly onProgress?: () => void;
}

/** Seeds of random cases are below this number. */
const CASE_SEEDS = 1 << 30;

/**
 * Identifies a case: the number of an enumerated one, with its preemptions if they are not those of PREEMPTIONS, or the seed of
 * a random one with the number of its schedules.
 */
export type CasePlace =
  | { readonly enumerated: number; readonly preemptions?: number }
  | { readonly seed: number; readonly tries: number };

/** The result of one case. */
export interface JudgedCase {
  /** Distinct schedules. */
  readonly schedules: number;
  /** False if no schedule was judged, since a sequential order is wrong, or an operation is endless. */
  readonly isComplete: boolean;
  readonly findings: readonly ScheduleFailure[];
}

const isEndless = ({ findings }: JudgedCase): boolean =>
  findings.some(({ finding }) => finding.kind === 'endless');

type Failures = FailureExamples<{ readonly finding: Finding }>;

/** A failure with a counterexample is shorter than one without. */
const newFailures = (): Failures =>
  new FailureExamples(({ finding: { counterexample } }) => counterexample?.steps.length ?? Infinity);

const inFull = (failures: Failures): ScheduleFailure[] =>
  failures.list().map(({ example: { finding }, times }) => ({ finding, schedules: times }));

/** A case none of whose schedules could be judged. */
function incomplete(...found: readonly Finding[]): JudgedCase {
  const failures = newFailures();
  for (const finding of found) failures.add({ finding });
  return { schedules: 0, isComplete: false, findings: inFull(failures) };
}

/** The case at a place. */
const caseAt = (place: CasePlace): CaseStream =>
  caseStream(
    'enumerated' in place
      ? (ENUMERATED_CASES[place.enumerated] as ScheduleCase)
      : randomCase(randomFrom(place.seed)),
  );

/** The schedules of the case at a place. */
function schedulesAt(place: CasePlace, { concurrent: { length: cpus }, host }: CaseStream): ScheduleSource {
  if ('enumerated' in place) {
    return exploration(cpus, place.preemptions ?? (cpus === 2 ? PREEMPTIONS.pair : PREEMPTIONS.triple));
  }
  return randomSchedules(randomFrom(CASE_SEEDS + place.seed), cpus, host.iommus, place.tries);
}

/** Judges a strategy on one case. The result does not depend on earlier cases. */
export function judgeCase(place: CasePlace, context: CaseContext): JudgedCase {
  const { strategy, patience } = context;
  const scheduled = caseAt(place);
  const { host, concurrent } = scheduled;
  const failures = ordersOf(concurrent.length)
    .flatMap((order) => check({ ...context, stream: streamInOrder(scheduled, order), host }).findings)
    // Histories judge which locks are taken. Schedules judge the effects.
    .filter((failure) => failure.check !== 'lockset' && failure.check !== 'lock-order');
  const unexpected = failures.filter(({ declaredBy }) => declaredBy === null);
  if (unexpected.length > 0) return incomplete(...unexpected);
  /** The declared limit that the case exceeds, or null. It covers all failures of the case's schedules. */
  const exceeded = isWithoutLocks(strategy) ? 'no-locks' : (failures[0]?.declaredBy ?? null);

  function failureIn({ kind, expected, found, outcome }: Problem, what: string): Finding {
    const own = strategy.limits.find((limit) => limit.kind === OF_SCHEDULES[kind]);
    const declaredBy = exceeded ?? own?.kind ?? null;
    const first = { operation: scheduled.setup.length, what, irq: null, expected, found, outcome };
    return { kind, check: 'schedules', count: 1, declaredBy, first, counterexample: null };
  }

  /** The failure of a schedule, after removing the switches that its problem does not need. */
  function shortest(schedule: Schedule, problem: Problem, judge: ScheduleJudge): Finding {
    const { runner } = judge;
    let { switches } = schedule;
    for (const each of schedule.switches) {
      const fewer = switches.filter((other) => other !== each);
      if (judge.judge(runner.run({ ...schedule, switches: fewer }))?.kind === problem.kind) switches = fewer;
    }
    const ending = runner.run({ ...schedule, switches });
    const shown = judge.judge(ending) ?? problem;
    // The judge has run more operations. The text needs the end of the schedule.
    runner.run({ ...schedule, switches });
    const counterexample = counterexampleOf(ending.run, shown.outcome, judge);
    return { ...failureIn(shown, concurrentText(judge)), counterexample };
  }

  function judgeSchedules(): JudgedCase {
    const found = newFailures();
    const seen = new Set<string>();
    const source = schedulesAt(place, scheduled);
    let judge: ScheduleJudge;
    try {
      judge = scheduleJudge(caseRunner(scheduled, context), strategy.gaLog, failures.length === 0);
    } catch (error) {
      // An error in a schedule is an ending of that schedule. This error came before all schedules.
      return incomplete(failureIn(failureOf(error), 'the setup of a case'));
    }
    for (let next = source.next(); !next.done; ) {
      const schedule = next.value;
      const ending = judge.runner.run(schedule);
      const key = keyOfRun(ending.run);
      const isNew = !seen.has(key);
      seen.add(key);
      next = source.next(isNew ? ending.run : null);
      const problem = isNew ? judge.judge(ending) : null;
      if (problem === null) continue;
      let finding = failureIn(problem, '');
      if (!found.has(finding)) finding = shortest(schedule, problem, judge);
      found.add({ finding });
    }
    return { schedules: seen.size, isComplete: true, findings: inFull(found) };
  }

  return patiently(
    patience,
    (watch) => resultOf(watch, judgeSchedules) ?? incomplete(failureIn(ENDLESS, 'operations at once')),
  );
}

/** The limits of single failures, which no sequential order shows. */
const OF_SCHEDULES: Partial<Record<FailureKind, LimitKind>> = {
  'found-freed': 'leaves-table-last',
  'freed-before-wakeup': 'wakes-unlocked',
};

/** Judges a strategy on schedules, in checked memory. */
export function checkSchedules({ count, seed }: ScheduleDraw, context: ScheduleContext): ScheduleCheck {
  const { strategy, memory, judgeAgain, onProgress = () => {} } = context;
  const startedAt = performance.now();
  const failures = newFailures();
  let cases = 0;
  let schedules = 0;
  /** Whether an operation is endless. */
  let isOver = false;

  function judge(place: CasePlace): JudgedCase {
    onProgress();
    const first = judgeCase(place, { strategy, memory, patience: PATIENCE.first });
    const judged = isEndless(first) ? judgeAgain(place) : first;
    isOver = isEndless(judged);
    cases++;
    schedules += judged.schedules;
    for (const { finding, schedules: times } of judged.findings) failures.add({ finding }, times);
    return judged;
  }

  let isExhaustive = true;
  for (let enumerated = 0; enumerated < ENUMERATED_CASES.length && !isOver; enumerated++) {
    isExhaustive = judge({ enumerated }).isComplete && isExhaustive;
  }
  const enumerated = schedules;
  const random = randomFrom(seed);
  for (let wrong = 0; schedules < enumerated + count && wrong < WRONG_CASES && !isOver; ) {
    const left = enumerated + count - schedules;
    const place = { seed: random.below(CASE_SEEDS), tries: Math.min(left, RANDOM_SCHEDULES_PER_CASE) };
    if (!judge(place).isComplete) wrong++;
  }
  return {
    strategy: strategy.id,
    cases,
    schedules,
    enumerated,
    isExhaustive,
    seconds: (performance.now() - startedAt) / 1000,
    findings: inFull(failures),
  };
}
