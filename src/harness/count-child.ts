// One process that counts the work of a strategy on a stream.
import { CountingMemory } from '../machine/counting-memory.js';
import { importStrategy, keepStdoutForProtocol, readJob, readStream, reply } from './child-main.js';
import { countWork, heldBy } from './counted-work.js';
import type { CountedWork } from './results.js';

keepStdoutForProtocol();
const job = readJob();
const strategy = await importStrategy(job.strategy);
reply({
  strategy: strategy.id,
  verbs: countWork(readStream(job.stream), strategy, job.host, new CountingMemory()),
  held: heldBy(strategy, job.host),
} satisfies CountedWork);
