// One process that weighs what a strategy holds, counts its work on the hosts of all sweeps, one after the other, and
// counts its own code.

import type { Strategy } from '../../strategies/strategy.js';
import {
  harnessMemory,
  importStrategy,
  readJob,
  readStream,
  reply,
  serve,
  signOfLife,
} from '../process/child-main.js';
import type { CodeReply, CountedPointReply, SweepJob } from '../process/child-protocol.js';
import { countWork, heldBy } from './counted-work.js';
import { CountingMemory } from './counting-memory.js';
import { ownCode } from './own-code.js';

await serve('strategy', async () => {
  const job = readJob<SweepJob>();
  const memory = harnessMemory(() => new CountingMemory());
  const strategy = await importStrategy(job.strategy);
  reply(heldBy(strategy, job.host));
  for (const { stream, host } of job.points) {
    const verbs = countWork(readStream(stream), strategy, host, memory, signOfLife);
    reply({ verbs } satisfies CountedPointReply);
  }
  // Last: where V8 has counted calls once, what was called then stays half as fast.
  reply(codeReply(strategy, job));
});

function codeReply(strategy: Strategy, job: SweepJob): CodeReply {
  try {
    return { code: ownCode(strategy, job.strategy, job.host) };
  } catch {
    // What cannot be counted is a gap in the counts.
    return { code: null };
  }
}
