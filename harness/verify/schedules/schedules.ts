// Judges each strategy on schedules of concurrent operations.

import type { Progress } from '../../plan/run-plan.js';
import type { LoadedStrategy } from '../../plan/strategy-module.js';
import { type Judged, verifyStrategies } from '../judge-strategies.js';
import type { ScheduleCheck, ScheduleDraw } from './schedule-check.js';
import type { ScheduleJob } from './schedule-child.js';

/** The schedules to judge strategies on. */
export interface SchedulePlan {
  readonly strategies: readonly LoadedStrategy[];
  readonly schedules: ScheduleDraw;
}

/** Judges every strategy on schedules. */
export function verifySchedules(
  { strategies, schedules }: SchedulePlan,
  progress: Progress,
): Promise<Judged<ScheduleCheck>> {
  return verifyStrategies<ScheduleCheck>(
    strategies,
    {
      where: 'operations at once',
      module: 'verify/schedules/schedule-child',
      jobOf: ({ url }): ScheduleJob => ({ strategy: url, schedules }),
      failed: (strategy, finding) => ({
        strategy,
        cases: 0,
        schedules: 0,
        enumerated: 0,
        isExhaustive: false,
        seconds: 0,
        findings: [{ finding, schedules: 0 }],
      }),
    },
    progress,
  );
}
