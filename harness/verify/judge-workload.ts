// Judges strategies on a workload, and counts their work.

import { failedCheck } from '../oracle/oracle.js';
import type { Prepared } from '../plan/prepare.js';
import type { Progress, RunPlan } from '../plan/run-plan.js';
import { isCountable } from '../results/comparison.js';
import type { Check, CountedWork } from '../results/results.js';
import { type Judged, judgeStrategies } from './judge-strategies.js';

/** The checks and the counted work of strategies on a workload. */
export interface WorkloadJudgement extends Judged<Check> {
  /** Work of the strategies that completed their check; empty if no count was asked for. */
  readonly counted: readonly CountedWork[];
}

/** Judges the strategies on one workload. @param counts - Whether to count their work as well. */
export async function judgeWorkload(
  { strategies }: RunPlan,
  { info, jobFiles }: Prepared,
  counts: boolean,
  progress: Progress,
): Promise<WorkloadJudgement> {
  const counted = new Map<string, CountedWork>();
  const judged = await judgeStrategies<Check>(
    strategies,
    {
      where: info.id,
      module: 'verify/check-child',
      jobFileOf: (loaded) => jobFiles[strategies.indexOf(loaded)] as string,
      failed: failedCheck,
      async count(child, check) {
        if (counts && isCountable(check)) counted.set(check.strategy, await child.ask<CountedWork>('count'));
      },
    },
    progress,
  );
  return { ...judged, counted: strategies.flatMap(({ strategy: { id } }) => counted.get(id) ?? []) };
}
