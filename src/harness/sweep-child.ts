// One process that weighs what a strategy holds, and counts its work on the hosts of all sweeps, one after the other.
import { readFileSync } from 'node:fs';
import { CountingMemory } from '../machine/counting-memory.js';
import { importStrategy, keepStdoutForProtocol, readStream, reply } from './child-main.js';
import type { CountedPointReply, SweepJob } from './child-protocol.js';
import { countWork, heldBy } from './counted-work.js';

keepStdoutForProtocol();
const job = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as SweepJob;
const strategy = await importStrategy(job.strategy);
const memory = new CountingMemory();
reply(heldBy(strategy, job.host));
for (const { stream, host } of job.points) {
  reply({ verbs: countWork(readStream(stream), strategy, host, memory) } satisfies CountedPointReply);
}
