// One process that weighs what a strategy holds, counts its work on the hosts of all sweeps, one after the other, and
// counts its own code.
import { readFileSync } from 'node:fs';
import { CountingMemory } from '../machine/counting-memory.js';
import { importStrategy, keepStdoutForProtocol, readStream, reply } from './child-main.js';
import type { CodeReply, CountedPointReply, SweepJob } from './child-protocol.js';
import { countWork, heldBy } from './counted-work.js';
import { ownCode } from './own-code.js';

keepStdoutForProtocol();
const job = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as SweepJob;
const strategy = await importStrategy(job.strategy);
const memory = new CountingMemory();

reply(heldBy(strategy, job.host));
for (const { stream, host } of job.points) {
  reply({ verbs: countWork(readStream(stream), strategy, host, memory) } satisfies CountedPointReply);
}
// Last: where V8 has counted calls once, what was called then stays half as fast.
reply(codeReply());

function codeReply(): CodeReply {
  try {
    return { code: ownCode(strategy, job.strategy, job.host) };
  } catch {
    // What cannot be counted is a gap in the counts.
    return { code: null };
  }
}
