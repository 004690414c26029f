// One process that measures the memory of a strategy, and counts its work on the hosts of the sweeps.
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
  for (const { stream: file, host } of job.points) {
    const stream = readStream(file);
    const verbs = countWork({ stream, strategy, host, memory, onOperation: signOfLife });
    reply({ verbs } satisfies CountedPointReply);
  }
});
