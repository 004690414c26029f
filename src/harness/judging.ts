// Judges strategies on a workload, each in a process of its own, and counts their work.
import { concurrently } from './cell-runner.js';
import { Child } from './child.js';
import { CHILD_TIMEOUT_MS, STARTING_PROCESSES } from './method.js';
import { checkFailed } from './oracle.js';
import type { Prepared } from './prepare.js';
import type { Check, CountedWork } from './results.js';
import type { Deadline, Progress, RunPlan } from './run-plan.js';
import type { LoadedStrategy } from './strategy-module.js';

/** What is known of a strategy on a workload without a clock. */
interface Judged {
  readonly check: Check;
  /** Null where it was not asked for, or the strategy did not come to the end of its check. */
  readonly counted: CountedWork | null;
}

/** Whether a strategy came to the end of its check, so that its work can be counted. */
export function isCountable({ findings }: Check): boolean {
  return findings.every(({ kind }) => kind !== 'threw' && kind !== 'endless');
}

/** Judges one strategy in a process of its own; one that dies or does not end has a finding. */
async function judgeInChild({ strategy }: LoadedStrategy, jobFile: string, counts: boolean): Promise<Judged> {
  const child = new Child('check-child', [jobFile], CHILD_TIMEOUT_MS);
  try {
    const check = await child.hear<Check>();
    if (!counts || !isCountable(check)) return { check, counted: null };
    // A strategy that is judged and cannot be counted is a gap in the counts and no finding.
    return { check, counted: await child.ask<CountedWork>('count').catch(() => null) };
  } catch (error) {
    return { check: checkFailed(strategy, 'threw', 'the process of the check', error), counted: null };
  } finally {
    child.kill();
  }
}

/** Judges the strategies on one workload, as far as there is time to begin with them, and counts their work. */
export async function judgeAll(
  plan: RunPlan,
  { info, jobFiles }: Prepared,
  counts: boolean,
  deadline: Deadline,
  progress: Progress,
): Promise<{ checks: Check[]; counted: CountedWork[] }> {
  const indices = plan.strategies.map((_, index) => index);
  const all = await concurrently(indices, STARTING_PROCESSES, async (index) => {
    if (!deadline.allows(0)) return [];
    const loaded = plan.strategies[index] as LoadedStrategy;
    const judged = await judgeInChild(loaded, jobFiles[index] as string, counts);
    progress.advance(`checking ${info.id}`);
    return [judged];
  });
  return {
    checks: all.flat().map(({ check }) => check),
    counted: all.flat().flatMap(({ counted }) => (counted === null ? [] : [counted])),
  };
}
