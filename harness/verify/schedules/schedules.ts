// Operations at once for all strategies of a run, each strategy in a process of its own.

import { checkFailed } from '../../oracle/oracle.js';
import type { Progress } from '../../plan/run-plan.js';
import type { LoadedStrategy } from '../../plan/strategy-module.js';
import type { ScheduleJob } from '../../process/child-protocol.js';
import { withScratch, writeScratch } from '../../process/scratch.js';
import { type CheckForm, type Judged, judgeEach, judgeInChild } from '../judge-in-child.js';
import type { ScheduleCheck, ScheduleDraw } from './schedule-check.js';

/** What is judged. */
export interface SchedulePlan {
  readonly strategies: readonly LoadedStrategy[];
  readonly schedules: ScheduleDraw;
}

/** Judges every strategy on schedules. */
export function verifySchedules(
  { strategies, schedules }: SchedulePlan,
  progress: Progress,
): Promise<Judged<ScheduleCheck>> {
  return withScratch((directory) =>
    judgeEach(strategies, 'operations at once', FORM, progress, async (loaded, workshop) => {
      const { id } = loaded.strategy;
      const job: ScheduleJob = { strategy: loaded.url, schedules };
      const jobFile = await writeScratch(directory, `${id}.json`, JSON.stringify(job));
      return judgeInChild<ScheduleCheck>(
        { module: 'verify/schedules/schedule-child', jobFile, who: `${id} on operations at once` },
        workshop,
        progress.note,
      );
    }),
  );
}

const FORM: CheckForm<ScheduleCheck> = {
  failed: (strategy, failure) => ({
    strategy: strategy.id,
    cases: 0,
    schedules: 0,
    enumerated: 0,
    isExhaustive: false,
    seconds: 0,
    findings: checkFailed(strategy, failure).findings.map((finding) => ({ finding, schedules: 0 })),
  }),
  findingsOf: ({ findings }) => findings.map(({ finding }) => finding),
};
