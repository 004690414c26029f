// A strategy on many schedules: all with few preemptions of the enumerated cases, and then random ones. What is judged in
// one go is a case: its operations one after the other in each order, and then its schedules.

import { randomFrom } from '../../../machine/random.js';
import { isWithoutLocks, type Limit } from '../../../strategies/limits.js';
import type { Strategy } from '../../../strategies/strategy.js';
import {
  PATIENCE,
  type Patience,
  PREEMPTIONS,
  RANDOM_SCHEDULES_PER_CASE,
  RANDOM_SWITCHES,
  WRONG_CASES,
} from '../../method.js';
import type { CheckedMemory } from '../../oracle/memory/checked-memory.js';
import { check, classify, LOOPS } from '../../oracle/oracle.js';
import { patiently } from '../../replay/watchdog.js';
import type { Finding } from '../../results/results.js';
import { ENUMERATED_CASES } from './enumerated-cases.js';
import { Exploration, RandomSchedules, type ScheduleSource, turnsKey } from './exploration.js';
import { Judge, type Problem } from './judge.js';
import { randomCase } from './random-cases.js';
import { type CaseStream, caseStream, ordersOf, type ScheduleCase, streamInOrder } from './schedule-case.js';
import { Stage } from './stage.js';
import { atOnceText, storyOf } from './story.js';
import type { Schedule } from './turns.js';

/** A finding with the number of schedules that showed it. */
export interface ScheduleFinding {
  readonly finding: Finding;
  readonly schedules: number;
}

/** What came of a strategy's schedules. */
export interface ScheduleCheck {
  readonly strategy: string;
  /** Cases, and schedules of them that differ. */
  readonly cases: number;
  readonly schedules: number;
  /** How many of the schedules are of the enumerated cases, and whether those are all with so few preemptions. */
  readonly enumerated: number;
  readonly isExhaustive: boolean;
  readonly seconds: number;
  readonly findings: readonly ScheduleFinding[];
}

/** How random schedules are drawn. */
export interface ScheduleDraw {
  readonly count: number;
  readonly seed: number;
}

/** Seeds of random cases. */
const CASE_SEEDS = 1 << 30;

/** Which case it is: an enumerated one, by its number, or a random one, of which so many schedules are tried. */
export type CasePlace = { readonly enumerated: number } | { readonly seed: number; readonly tries: number };

/** What came of one case. */
export interface JudgedCase {
  /** Schedules that differ. */
  readonly schedules: number;
  /** Whether they were judged: they are not where the operations are wrong one after the other, or one is endless. */
  readonly isComplete: boolean;
  readonly findings: readonly ScheduleFinding[];
}

const isEndless = ({ findings }: JudgedCase): boolean =>
  findings.some(({ finding }) => finding.kind === 'endless');

const keyOf = ({ check: name, kind, declaredBy }: Finding): string => `${name}/${kind}/${declaredBy}`;

/** Findings by what they are: of each the one with the shortest story, and how many schedules showed it. */
class Gathered {
  readonly #findings = new Map<string, { finding: Finding; schedules: number }>();

  has(finding: Finding): boolean {
    return this.#findings.has(keyOf(finding));
  }

  add(finding: Finding, schedules = 1): void {
    const seen = this.#findings.get(keyOf(finding));
    if (seen === undefined) {
      this.#findings.set(keyOf(finding), { finding, schedules });
      return;
    }
    seen.schedules += schedules;
    if (stepsIn(finding) < stepsIn(seen.finding)) seen.finding = finding;
  }

  list(): ScheduleFinding[] {
    return [...this.#findings.values()];
  }
}

/** Steps of a finding's story; of one that has none, more than any. */
const stepsIn = ({ counterexample }: Finding): number => counterexample?.steps.length ?? Infinity;

/** The case at a place, and what gives its schedules. */
function caseAt(place: CasePlace): { scheduled: CaseStream; source: () => ScheduleSource } {
  if ('enumerated' in place) {
    const scheduled = caseStream(ENUMERATED_CASES[place.enumerated] as ScheduleCase);
    const cpus = scheduled.atOnce.length;
    const preemptions = cpus === 2 ? PREEMPTIONS.pair : PREEMPTIONS.triple;
    return { scheduled, source: () => new Exploration(cpus, preemptions) };
  }
  const { seed, tries } = place;
  const scheduled = caseStream(randomCase(randomFrom(seed)));
  const cpus = scheduled.atOnce.length;
  return {
    scheduled,
    source: () => new RandomSchedules(randomFrom(CASE_SEEDS + seed), cpus, RANDOM_SWITCHES, tries),
  };
}

/** Judges a strategy on one case: what it comes to does not depend on what was judged before. */
export function judgeCase(
  strategy: Strategy,
  place: CasePlace,
  memory: CheckedMemory,
  patience: Patience,
): JudgedCase {
  const { scheduled, source } = caseAt(place);
  const found = ordersOf(scheduled.atOnce.length)
    .flatMap(
      (order) =>
        check(streamInOrder(scheduled, order), strategy, scheduled.host, { memory, patience }).findings,
    )
    // Which locks are taken is judged in histories; here it is what comes of it.
    .filter((finding) => finding.check !== 'lockset' && finding.check !== 'lock-order');
  const unexpected = found.filter(({ declaredBy }) => declaredBy === null);
  if (unexpected.length > 0) {
    const gathered = new Gathered();
    for (const finding of unexpected) gathered.add(finding);
    return { schedules: 0, isComplete: false, findings: gathered.list() };
  }
  const known: Known = {
    scheduled,
    declaredBy: isWithoutLocks(strategy) ? 'no-locks' : (found[0]?.declaredBy ?? null),
    isRight: found.length === 0,
  };
  return patiently(patience, (watch) => {
    let judged: JudgedCase | undefined;
    const isEnded = watch(() => {
      judged = judgeSchedules(strategy, known, source(), memory, patience);
    });
    if (isEnded) return judged as unknown as JudgedCase;
    const problem = { kind: 'endless', expected: 'no error', found: LOOPS, outcome: LOOPS } as const;
    const finding = findingOf(problem, known, 'operations at once');
    return { schedules: 0, isComplete: false, findings: [{ finding, schedules: 1 }] };
  });
}

/** A case with what is known of it one operation after the other. */
interface Known {
  readonly scheduled: CaseStream;
  /** The declared limit that it goes beyond, if it does; what comes of its schedules is within that limit. */
  readonly declaredBy: Limit['kind'] | null;
  /** Whether all that happens one operation after the other is right. */
  readonly isRight: boolean;
}

/** Judges the schedules of a case. */
function judgeSchedules(
  strategy: Strategy,
  known: Known,
  source: ScheduleSource,
  memory: CheckedMemory,
  patience: Patience,
): JudgedCase {
  const gathered = new Gathered();
  const seen = new Set<string>();
  let stage: Stage;
  let judge: Judge;
  try {
    stage = new Stage(strategy, known.scheduled, memory, patience);
    judge = new Judge(stage, strategy.gaLog, known.isRight);
  } catch (error) {
    // Not in a schedule: those have their errors for an ending.
    const { kind, outcome } = classify(error);
    gathered.add(
      findingOf({ kind, expected: 'no error', found: outcome, outcome }, known, 'the setup of a case'),
    );
    return { schedules: 0, isComplete: false, findings: gathered.list() };
  }
  for (let schedule = source.next(); schedule !== null; schedule = source.next()) {
    const ending = stage.run(schedule);
    const key = turnsKey(ending.run);
    if (seen.has(key)) continue;
    seen.add(key);
    source.learn(ending.run);
    const problem = judge.judge(ending);
    if (problem === null) continue;
    const finding = findingOf(problem, known, '');
    gathered.add(gathered.has(finding) ? finding : inWords(schedule, problem, known, stage, judge));
  }
  return { schedules: seen.size, isComplete: true, findings: gathered.list() };
}

/** The finding of a schedule with its story. */
function inWords(schedule: Schedule, problem: Problem, known: Known, stage: Stage, judge: Judge): Finding {
  const shorter = shortened(
    schedule,
    (candidate) => judge.judge(stage.run(candidate))?.kind === problem.kind,
  );
  const ending = stage.run(shorter);
  const shown = judge.judge(ending) ?? problem;
  // The judge has gone on with the stage, and the story is of the schedule.
  stage.run(shorter);
  return {
    ...findingOf(shown, known, atOnceText(stage, judge)),
    counterexample: storyOf(ending.run, shown, stage, judge),
  };
}

function findingOf(problem: Problem, { scheduled, declaredBy }: Known, what: string): Finding {
  const { kind, expected, found, outcome } = problem;
  const first = { operation: scheduled.setup.length, what, irq: null, expected, found, outcome };
  return { kind, check: 'schedules', count: 1, declaredBy, first, counterexample: null };
}

/** The schedule without the switches that do not matter. */
function shortened(schedule: Schedule, shows: (schedule: Schedule) => boolean): Schedule {
  let shortest = schedule;
  for (const each of schedule.switches) {
    const shorter = { ...shortest, switches: shortest.switches.filter((other) => other !== each) };
    if (shows(shorter)) shortest = shorter;
  }
  return shortest;
}

/** How cases are judged. */
export interface ScheduleJudging {
  /** Judges a case once more; see PATIENCE. */
  readonly judgeAgain: (place: CasePlace) => JudgedCase;
  /** Called now and then. */
  readonly onProgress?: () => void;
}

/** Judges a strategy on schedules, in checked memory. */
export function checkSchedules(
  strategy: Strategy,
  { count, seed }: ScheduleDraw,
  memory: CheckedMemory,
  { judgeAgain, onProgress = () => {} }: ScheduleJudging,
): ScheduleCheck {
  const startedAt = performance.now();
  const gathered = new Gathered();
  let cases = 0;
  let schedules = 0;
  /** Whether an operation does not end. */
  let isOver = false;

  function judge(place: CasePlace): JudgedCase {
    onProgress();
    const first = judgeCase(strategy, place, memory, PATIENCE.first);
    const judged = isEndless(first) ? judgeAgain(place) : first;
    isOver = isEndless(judged);
    cases++;
    schedules += judged.schedules;
    for (const { finding, schedules: number } of judged.findings) gathered.add(finding, number);
    return judged;
  }

  let isExhaustive = true;
  for (let number = 0; number < ENUMERATED_CASES.length && !isOver; number++) {
    isExhaustive = judge({ enumerated: number }).isComplete && isExhaustive;
  }
  const enumerated = schedules;
  const random = randomFrom(seed);
  for (let wrong = 0; schedules < enumerated + count && wrong < WRONG_CASES && !isOver; ) {
    const left = enumerated + count - schedules;
    const place = { seed: random.below(CASE_SEEDS), tries: Math.min(left, RANDOM_SCHEDULES_PER_CASE) };
    if (!judge(place).isComplete) wrong++;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    strategy: strategy.id,
    cases,
    schedules,
    enumerated,
    isExhaustive,
    seconds,
    findings: gathered.list(),
  };
}
