// One process that judges a strategy on operations at once, or on one case once more.

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
import type { ScheduleJob } from '../../process/child-protocol.js';
import { type CasePlace, checkSchedules, judgeCase } from './schedule-check.js';

await serve('harness', async () => {
  const job = readJob<ScheduleJob>();
  const memory = harnessMemory(() => new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES)));
  const strategy = await importStrategy(job.strategy);
  const place = placeToJudgeAgain<CasePlace>();
  const judging = { judgeAgain: judgedAgain, onProgress: signOfLife } as const;
  reply(
    place === undefined
      ? checkSchedules(strategy, job.schedules, memory, judging)
      : judgeCase(strategy, place, memory, PATIENCE.second),
  );
});
