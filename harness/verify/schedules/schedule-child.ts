// A process that judges a strategy on concurrent operations, or on one case for the second time.

import { HISTORY_MEMORY_BYTES, PATIENCE } from '../../method.js';
import { CheckedMemory } from '../../oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../oracle/memory/observed-memory.js';
import {
  harnessMemory,
  importStrategy,
  judgedAgain,
  placeToJudgeAgain,
  readJob,
  reply,
  serve,
  signOfLife,
} from '../../process/child-main.js';
import { type CasePlace, checkSchedules, judgeCase, type ScheduleDraw } from './schedule-check.js';

/** The job of this child. It answers with a ScheduleCheck, or with a JudgedCase for one case. */
export interface ScheduleJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  readonly schedules: ScheduleDraw;
}

await serve('harness', async () => {
  const job = readJob<ScheduleJob>();
  const memory = harnessMemory(() => new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES)));
  const strategy = await importStrategy(job.strategy);
  const place = placeToJudgeAgain<CasePlace>();
  reply(
    place === undefined
      ? checkSchedules(job.schedules, { strategy, memory, judgeAgain: judgedAgain, onProgress: signOfLife })
      : judgeCase(place, { strategy, memory, patience: PATIENCE.second }),
  );
});
