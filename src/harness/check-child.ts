// One process of the oracle: a strategy that exhausts its heap takes nothing else with it.
import { CheckedMemory } from '../machine/checked-memory.js';
import { JournaledMemory } from '../machine/journaled-memory.js';
import { importStrategy, keepStdoutForProtocol, readJob, readStream, reply } from './child-main.js';
import { withCounterexample } from './counterexample.js';
import { check } from './oracle.js';

keepStdoutForProtocol();
const job = readJob();
const strategy = await importStrategy(job.strategy);
const stream = readStream(job.stream);
const journaled = new JournaledMemory();
const memory = job.memory === 'checked' ? new CheckedMemory(journaled) : journaled;
const judged = check(stream, strategy, job.host, { memory });
const findings = judged.findings.map((finding) =>
  withCounterexample(finding, stream, strategy, job.host, memory),
);
reply({ ...judged, findings });
