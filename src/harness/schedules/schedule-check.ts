// A strategy on many schedules: all with few preemptions of the enumerated cases, fewest first, and then random ones.
import type { CheckedMemory } from '../../machine/checked-memory.js';
import { randomFrom } from '../../machine/random.js';
import { isWithoutLocks, type Limit, type Strategy } from '../../strategies/strategy.js';
import {
  ENDLESS_HISTORIES,
  HISTORY_PATIENCE_MS,
  PREEMPTIONS,
  RANDOM_SCHEDULES_PER_CASE,
  RANDOM_SWITCHES,
  SCHEDULE_BATCH,
  SCHEDULES_MS,
  WRONG_CASES,
} from '../method.js';
import { check, classify, NOT_IN_TIME } from '../oracle.js';
import type { Finding } from '../results.js';
import { endsWithin } from '../watchdog.js';
import { ENUMERATED_CASES } from './enumerated-cases.js';
import { Exploration, RandomSchedules, type ScheduleSource, turnsKey } from './exploration.js';
import { Judge, type Problem } from './judge.js';
import { randomCase } from './random-cases.js';
import { type CaseStream, caseStream, ordersOf, streamInOrder } from './schedule-case.js';
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

/** A case with what is known of it one operation after the other. */
interface Known {
  readonly scheduled: CaseStream;
  /** The declared limit that it goes beyond, if it does; what comes of its schedules is within that limit. */
  readonly declaredBy: Limit['kind'] | null;
  /** Whether all that happens one operation after the other is right. */
  readonly isRight: boolean;
  /** The turns of the schedules that were judged. */
  readonly seen: Set<string>;
}

/** Judges one strategy. */
class ScheduleChecker {
  readonly #strategy: Strategy;
  readonly #memory: CheckedMemory;
  readonly #until = performance.now() + SCHEDULES_MS;
  readonly #onProgress: () => void;
  readonly #findings = new Map<string, { finding: Finding; schedules: number }>();
  cases = 0;
  schedules = 0;
  #endless = 0;

  constructor(strategy: Strategy, memory: CheckedMemory, onProgress: () => void) {
    this.#strategy = strategy;
    this.#memory = memory;
    this.#onProgress = onProgress;
  }

  get findings(): ScheduleFinding[] {
    return [...this.#findings.values()];
  }

  /** Whether no further schedule is begun. */
  get isOver(): boolean {
    return this.#endless >= ENDLESS_HISTORIES || performance.now() >= this.#until;
  }

  /** Judges the orders of a case one after the other. @returns Null if that is wrong already, and not declared. */
  begin(scheduled: CaseStream): Known | null {
    this.#onProgress();
    this.cases++;
    let found: Finding[] = [];
    const checkAll = (patienceMs: number | null): void => {
      found = ordersOf(scheduled.atOnce.length).flatMap((order) => {
        this.#memory.clear();
        const judging = { memory: this.#memory, patienceMs };
        const { findings } = check(streamInOrder(scheduled, order), this.#strategy, scheduled.host, judging);
        // Which locks are taken is judged in histories; here it is what comes of it.
        return findings.filter((finding) => finding.check !== 'lockset' && finding.check !== 'lock-order');
      });
    };
    // What does not end is judged again, to see which operation that is.
    if (!endsWithin(HISTORY_PATIENCE_MS, () => checkAll(null))) checkAll(HISTORY_PATIENCE_MS);
    const unexpected = found.filter(({ declaredBy }) => declaredBy === null);
    for (const finding of unexpected) this.#add(finding);
    if (found.some(({ kind }) => kind === 'endless')) this.#endless++;
    if (unexpected.length > 0) return null;
    const declaredBy = isWithoutLocks(this.#strategy) ? 'no-locks' : (found[0]?.declaredBy ?? null);
    return { scheduled, declaredBy, isRight: found.length === 0, seen: new Set() };
  }

  /** Judges schedules of a case, as far as there is time. @returns Whether those are all. */
  judgeAll(known: Known, source: ScheduleSource): boolean {
    let stage: Stage | undefined;
    let judge: Judge | undefined;
    let schedule: Schedule | null = null;
    let isDone = false;
    const ran = new Set<string>();

    const runBatch = (): void => {
      stage ??= new Stage(this.#strategy, known.scheduled, this.#memory);
      judge ??= new Judge(stage, this.#strategy.gaLog, known.isRight);
      for (let count = 0; count < SCHEDULE_BATCH && !this.isOver; count++) {
        schedule = source.next();
        if (schedule === null) {
          isDone = true;
          return;
        }
        const ending = stage.run(schedule);
        const key = turnsKey(ending.run);
        if (ran.has(key)) continue;
        ran.add(key);
        source.learn(ending.run);
        if (known.seen.has(key)) continue;
        known.seen.add(key);
        this.schedules++;
        const problem = judge.judge(ending);
        if (problem !== null) this.#report(known, stage, judge, schedule, problem);
      }
    };

    try {
      while (!isDone && !this.isOver) {
        this.#onProgress();
        if (endsWithin(HISTORY_PATIENCE_MS, runBatch)) continue;
        this.#endless++;
        const problem = {
          kind: 'endless',
          expected: 'no error',
          found: NOT_IN_TIME,
          outcome: NOT_IN_TIME,
        } as const;
        this.#add(findingOf(problem, known, 'operations at once'));
        return false;
      }
    } catch (error) {
      // Not in a schedule: those have their errors for an ending.
      const { kind, outcome } = classify(error);
      this.#add(
        findingOf({ kind, expected: 'no error', found: outcome, outcome }, known, 'the setup of a case'),
      );
      return false;
    }
    return isDone;
  }

  #report(known: Known, stage: Stage, judge: Judge, schedule: Schedule, problem: Problem): void {
    const finding = findingOf(problem, known, '');
    const key = keyOf(finding);
    if (!this.#findings.has(key)) {
      const shorter = shortened(
        schedule,
        (candidate) => judge.judge(stage.run(candidate))?.kind === problem.kind,
      );
      const ending = stage.run(shorter);
      const shown = judge.judge(ending) ?? problem;
      // The judge has gone on with the stage, and the story is of the schedule.
      stage.run(shorter);
      this.#add({
        ...findingOf(shown, known, atOnceText(stage, judge)),
        counterexample: storyOf(ending.run, shown, stage, judge),
      });
      return;
    }
    this.#add(finding);
  }

  /** Counts a finding; the first of its kind and limit stands for all. */
  #add(finding: Finding): void {
    const key = keyOf(finding);
    const seen = this.#findings.get(key);
    if (seen === undefined) this.#findings.set(key, { finding, schedules: 1 });
    else seen.schedules++;
  }
}

const keyOf = ({ check: name, kind, declaredBy }: Finding): string => `${name}/${kind}/${declaredBy}`;

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

/**
 * Judges a strategy on schedules, in checked memory.
 *
 * @param onProgress - Called now and then.
 */
export function checkSchedules(
  strategy: Strategy,
  { count, seed }: ScheduleDraw,
  memory: CheckedMemory,
  onProgress: () => void = () => {},
): ScheduleCheck {
  const startedAt = performance.now();
  const checker = new ScheduleChecker(strategy, memory, onProgress);
  const isExhaustive = judgeEnumerated(checker);
  const enumerated = checker.schedules;
  const random = randomFrom(seed);
  for (let wrong = 0; checker.schedules < enumerated + count && wrong < WRONG_CASES && !checker.isOver; ) {
    const known = checker.begin(caseStream(randomCase(random)));
    if (known === null) {
      wrong++;
      continue;
    }
    const cpus = known.scheduled.atOnce.length;
    const left = enumerated + count - checker.schedules;
    const tries = Math.min(left, RANDOM_SCHEDULES_PER_CASE);
    checker.judgeAll(known, new RandomSchedules(random, cpus, RANDOM_SWITCHES, tries));
  }
  const { cases, schedules, findings } = checker;
  const seconds = (performance.now() - startedAt) / 1000;
  return { strategy: strategy.id, cases, schedules, enumerated, isExhaustive, seconds, findings };
}

/** Judges all schedules of the enumerated cases, of all cases those with the fewest preemptions first. */
function judgeEnumerated(checker: ScheduleChecker): boolean {
  const known: Known[] = [];
  for (const each of ENUMERATED_CASES) {
    if (checker.isOver) return false;
    const begun = checker.begin(caseStream(each));
    if (begun !== null) known.push(begun);
  }
  let isExhaustive = known.length === ENUMERATED_CASES.length;
  for (let preemptions = 0; preemptions <= PREEMPTIONS.pair; preemptions++) {
    for (const each of known) {
      const cpus = each.scheduled.atOnce.length;
      if (cpus > 2 && preemptions > PREEMPTIONS.triple) continue;
      if (checker.isOver) return false;
      isExhaustive = checker.judgeAll(each, new Exploration(cpus, preemptions)) && isExhaustive;
    }
  }
  return isExhaustive;
}
