// gatag-bench verify
import { HISTORIES, SCHEDULES } from '../harness/method.js';
import type { Progress } from '../harness/plan/run-plan.js';
import { inTurn } from '../harness/process/workshop.js';
import { verify } from '../harness/run.js';
import { type HistoryPlan, verifyHistories } from '../harness/verify/histories/histories.js';
import { verifySchedules } from '../harness/verify/schedules/schedules.js';
import { UsageError } from '../machine/usage-error.js';
import { print, printJson, statusOf, type Words, withProgress } from './command.js';
import {
  type Choice,
  choiceOf,
  chosenPresets,
  chosenStrategies,
  DEFAULT_SEED,
  historyPlan,
  replayPlan,
  verifyPlan,
} from './settings.js';
import {
  historiesText,
  isExpected,
  isExpectedThroughout,
  schedulesText,
  verdictText,
  verifyText,
} from './verify-report.js';

/** The histories to judge on: generated ones, or the one in a file; null for none. */
async function historiesOf(words: Words, choice: Choice): Promise<Omit<HistoryPlan, 'strategies'> | null> {
  if (words.replay !== undefined) return replayPlan(words.replay);
  const count = words.histories ?? HISTORIES;
  return count === 0 ? null : historyPlan(choice, count);
}

/** Does something that reports its progress. @returns Its result, and how long it took. */
async function timedProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T & { seconds: number }> {
  const startedAt = performance.now();
  const done = await withProgress(work);
  return { ...done, seconds: (performance.now() - startedAt) / 1000 };
}

/** Judges strategies on workloads, histories and schedules. @returns The exit status. */
export async function runVerify(words: Words): Promise<number> {
  const choice = choiceOf(words);
  // Options that do not fit are refused before anything is judged.
  const presets =
    words.replay === undefined && choice.workload?.join() !== 'none' ? chosenPresets(choice) : [];
  const plans = presets.map((preset) => ({
    preset,
    plan: verifyPlan(choice, preset, words.memory ?? 'checked'),
  }));
  const historiesPlan = await historiesOf(words, choice);
  const seed = choice.seed ?? DEFAULT_SEED;
  // A replayed history has no schedules.
  const count = words.replay === undefined ? (words.schedules ?? SCHEDULES) : 0;
  const schedulesPlan = count === 0 ? null : { schedules: { count, seed } };
  if (plans.length === 0 && historiesPlan === null && schedulesPlan === null) {
    throw new UsageError('there is nothing to judge: no workload, no history and no schedule');
  }
  const strategies = await withProgress(({ note }) => chosenStrategies(choice, note));
  const verifications = await inTurn(plans, async ({ preset, plan }) => {
    const workloads = await withProgress((progress) => verify({ ...plan, strategies }, progress));
    const verification = { preset, memory: plan.memory, seed, workloads };
    if (!words.json) print(verifyText(verification));
    return verification;
  });
  const histories = historiesPlan && {
    source: words.replay ?? { seed },
    ...(await timedProgress((progress) => verifyHistories({ ...historiesPlan, strategies }, progress))),
  };
  if (histories !== null && !words.json) print(historiesText(histories));
  const schedules = schedulesPlan && {
    seed,
    ...(await timedProgress((progress) => verifySchedules({ ...schedulesPlan, strategies }, progress))),
  };
  if (schedules !== null && !words.json) print(schedulesText(schedules));
  const judged = verifications.flatMap(({ workloads }) => workloads);
  const checks = judged.flatMap((one) => one.checks);
  const generated = [histories ?? [], schedules ?? []].flat();
  const throughout = generated.flatMap((one) => [...one.checks]);
  const expected = checks.every(isExpected) && throughout.every(isExpectedThroughout);
  const undone = [...judged, ...generated].flatMap((one) => one.undone);
  if (words.json) printJson({ expected, undone, histories, schedules, verifications });
  else print(verdictText(expected, checks.length + throughout.length, undone));
  return statusOf(!expected, undone);
}
