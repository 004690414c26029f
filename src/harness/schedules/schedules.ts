// Operations at once for all strategies of a run, each strategy in a process of its own.
import { concurrently } from '../cell-runner.js';
import { Child } from '../child.js';
import type { ScheduleJob } from '../child-protocol.js';
import { CHILD_TIMEOUT_MS, STARTING_PROCESSES } from '../method.js';
import { checkFailed } from '../oracle.js';
import type { Progress } from '../run-plan.js';
import { withScratch, writeScratch } from '../scratch.js';
import type { LoadedStrategy } from '../strategy-module.js';
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
): Promise<ScheduleCheck[]> {
  return withScratch(async (directory) => {
    progress.start(strategies.length);
    return concurrently(strategies, STARTING_PROCESSES, async (loaded) => {
      const job: ScheduleJob = { strategy: loaded.url, schedules };
      const jobFile = await writeScratch(directory, `${loaded.strategy.id}.json`, JSON.stringify(job));
      const check = await checkInChild(loaded, jobFile);
      progress.advance('judging operations at once');
      return check;
    });
  });
}

async function checkInChild({ strategy }: LoadedStrategy, jobFile: string): Promise<ScheduleCheck> {
  const child = new Child('schedules/schedule-child', [jobFile], CHILD_TIMEOUT_MS);
  try {
    return await child.hear<ScheduleCheck>();
  } catch (error) {
    const { findings } = checkFailed(strategy, 'threw', 'the process of the check', error);
    return {
      strategy: strategy.id,
      cases: 0,
      schedules: 0,
      enumerated: 0,
      isExhaustive: false,
      seconds: 0,
      findings: findings.map((finding) => ({ finding, schedules: 0 })),
    };
  } finally {
    child.kill();
  }
}
