// The untimed processes: they give the lines that are evicted, and the digests that timed processes must end with.
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { Child, ChildError, withChild } from '../process/child.js';
import { writeScratch } from '../process/scratch.js';
import { tryTwice } from '../process/workshop.js';
import type { ReferenceJob, ReferenceReply } from './reference-child.js';

/** The untimed runs of a strategy. */
export interface Reference {
  readonly strategy: string;
  /** The digest of each heap, by the path of its lines. Empty if a run failed. */
  readonly digests: ReadonlyMap<string, string>;
  /** Why it failed twice; null if it did not. */
  readonly error: string | null;
}

/** Runs a strategy untimed on each heap. */
export async function runReference(
  { strategy: { id }, url }: LoadedStrategy,
  job: Omit<ReferenceJob, 'strategy'>,
  directory: string,
  note: (line: string) => void,
): Promise<Reference> {
  const whole: ReferenceJob = { ...job, strategy: url };
  const jobFile = await writeScratch(directory, `single-updates.${id}.json`, JSON.stringify(whole));
  const run = () =>
    withChild(new Child('single-updates/reference-child', [jobFile]), async (child) => {
      const digests = new Map<string, string>();
      for (const { lines } of job.heaps)
        digests.set(lines, (await child.hear<ReferenceReply>()).memoryDigest);
      return digests;
    });
  try {
    return { strategy: id, digests: await tryTwice(`the lines of ${id}`, note, run), error: null };
  } catch (error) {
    if (!(error instanceof ChildError)) throw error;
    return { strategy: id, digests: new Map(), error: error.message };
  }
}
