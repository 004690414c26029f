// One process that weighs what a strategy holds and counts its work on the hosts of all sweeps, one after the other.

import {
  harnessMemory,
  importStrategy,
  readJob,
  readStream,
  reply,
  serve,
  signOfLife,
} from '../process/child-main.js';
import type { CountedPointReply, SweepJob } from '../process/child-protocol.js';
import { countWork, heldBy } from './counted-work.js';
import { CountingMemory } from './counting-memory.js';

await serve('strategy', async () => {
  const job = readJob<SweepJob>();
  const memory = harnessMemory(() => new CountingMemory());
  const strategy = await importStrategy(job.strategy);
  reply(heldBy(strategy, job.host));
  for (const { stream, host } of job.points) {
    const verbs = countWork(readStream(stream), strategy, host, memory, signOfLife);
    reply({ verbs } satisfies CountedPointReply);
  }
});
