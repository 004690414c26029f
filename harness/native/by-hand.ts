// Writes the programs in C, their images and their streams, to run them under a profiler or hardware counters.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../machine/usage-error.js';
import { prepare } from '../plan/prepare.js';
import type { RunPlan } from '../plan/run-plan.js';
import { Child } from '../process/child.js';
import type { ImageReply, ReadyReply } from '../process/timed-protocol.js';
import { laneFor, openLane } from './lane.js';

/** The files of one strategy on one workload. */
export interface NativeCommand {
  readonly strategy: string;
  readonly workload: string;
  readonly program: string;
  readonly image: string;
  readonly stream: string;
}

/**
 * Writes programs, images and streams to an existing folder.
 *
 * @throws UsageError without a compiler, or if C does not have a workload's operations or a strategy.
 */
export async function writeNative(plan: RunPlan, directory: string): Promise<NativeCommand[]> {
  const lane = openLane(plan.strategies, plan.host.pointerBytes);
  const commands: NativeCommand[] = [];
  for (const chosen of plan.workloads) {
    const { info, stream, streamFile, jobFiles } = await prepare(plan, chosen, directory);
    const { programs, reason } = laneFor(lane, stream);
    if (reason !== null) throw new UsageError(`${info.id} cannot be run in C: ${reason}`);
    for (const [index, { strategy }] of plan.strategies.entries()) {
      const compiled = programs.get(strategy.id);
      if (compiled === undefined) throw new UsageError(`${strategy.id} is not written in C`);
      const program = join(directory, strategy.id);
      await copyFile(compiled, program);
      const image = join(directory, `${info.id}.${strategy.id}.image`);
      const child = new Child('timing/timed-child', [jobFiles[index] as string]);
      try {
        await child.hear<ReadyReply>();
        await child.ask<ImageReply>(`image ${image}`);
      } finally {
        child.kill();
      }
      commands.push({ strategy: strategy.id, workload: info.id, program, image, stream: streamFile });
    }
  }
  return commands;
}
