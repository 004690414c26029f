// One process that measures the memory of a strategy, and counts its work on the hosts of the sweeps.

import type { HostParameters } from '../../machine/host.js';
import { readStream, reply, serveStrategy, signOfLife } from '../process/child-main.js';
import { countWork, heldBy } from './counted-work.js';
import { CountingMemory } from './counting-memory.js';

/** The child's job, as a JSON file. It answers with a Held, and with the VerbCounts of each point. */
export interface SweepJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  /** The host of the run. */
  readonly host: HostParameters;
  readonly points: readonly { readonly stream: string; readonly host: HostParameters }[];
}

await serveStrategy(
  () => new CountingMemory(),
  (job: SweepJob, strategy, memory) => {
    reply(heldBy(strategy, job.host));
    for (const { stream: file, host } of job.points) {
      const stream = readStream(file);
      reply(countWork({ stream, strategy, host, memory, onOperation: signOfLife }));
    }
  },
);
