// The untimed processes: they give the lines that are evicted, and the digests that timed processes must end with.
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { Child, ChildError, withChild } from '../process/child.js';
import { writeScratch } from '../process/scratch.js';
import type { MemoryReply } from '../process/timed-protocol.js';
import { tryTwice } from '../process/workshop.js';
import type { ReferenceJob } from './reference-child.js';

/**
 * Runs a strategy untimed on each heap.
 *
 * @returns The digest of each heap, by the path of its lines; none if a run failed twice, and why.
 */
export async function runReference(
  { strategy: { id }, url }: LoadedStrategy,
  job: Omit<ReferenceJob, 'strategy'>,
  directory: string,
  note: (line: string) => void,
) {
  const whole: ReferenceJob = { ...job, strategy: url };
  const jobFile = await writeScratch(directory, `single-updates.${id}.json`, JSON.stringify(whole));
  const run = () =>
    withChild(new Child('single-updates/reference-child', [jobFile]), async (child) => {
      const digests = new Map<string, string>();
      for (const { lines } of job.heaps) digests.set(lines, (await child.hear<MemoryReply>()).memoryDigest);
      return digests;
    });
  try {
    return { strategy: id, digests: await tryTwice(`the lines of ${id}`, note, run), error: null };
  } catch (error) {
    if (!(error instanceof ChildError)) throw error;
    return { strategy: id, digests: new Map<string, string>(), error: error.message };
  }
}
