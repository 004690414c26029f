// One process of the oracle: a strategy that exhausts its heap takes nothing else with it. Having judged, it counts, if
// it is asked to.
import { CheckedMemory } from '../machine/checked-memory.js';
import { CountingMemory } from '../machine/counting-memory.js';
import { JournaledMemory } from '../machine/journaled-memory.js';
import { ObservedMemory } from '../machine/observed-memory.js';
import {
  importInstances,
  keepStdoutForProtocol,
  lineReader,
  readJob,
  readStream,
  reply,
  signOfLife,
} from './child-main.js';
import { countWork } from './counted-work.js';
import { withCounterexample } from './counterexample.js';
import { check } from './oracle.js';
import type { CountedWork } from './results.js';

keepStdoutForProtocol();
const job = readJob();
const instances = await importInstances(job.strategy);
const { strategy, second } = instances;
const stream = readStream(job.stream);
const memory = job.memory === 'checked' ? new CheckedMemory(new ObservedMemory()) : new JournaledMemory();
const judged = check(stream, strategy, job.host, { memory, second, onSlice: signOfLife });
const findings = judged.findings.map((finding) => {
  signOfLife();
  return withCounterexample(finding, stream, instances, job.host, memory);
});
reply({ ...judged, findings });
if (lineReader()() === 'count') {
  reply({
    strategy: strategy.id,
    verbs: countWork(stream, strategy, job.host, new CountingMemory()),
  } satisfies CountedWork);
}
