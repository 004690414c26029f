// A process that judges a strategy on concurrent operations, or on one case for the second time.

import { PATIENCE } from '../../method.js';
import { importStrategy, judgedAgain, signOfLife } from '../../process/child-main.js';
import { serveJudge } from '../serve-judge.js';
import { type CasePlace, checkSchedules, judgeCase, type ScheduleDraw } from './schedule-check.js';

/** The job of this child. It answers with a ScheduleCheck, or with a JudgedCase for one case. */
export interface ScheduleJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  readonly schedules: ScheduleDraw;
}

await serveJudge<ScheduleJob, CasePlace>(async ({ strategy: url, schedules }, memory, place) => {
  const strategy = await importStrategy(url);
  return place === undefined
    ? checkSchedules(schedules, { strategy, memory, judgeAgain: judgedAgain, onProgress: signOfLife })
    : judgeCase(place, { strategy, memory, patience: PATIENCE.second });
});
