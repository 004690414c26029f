// One process of the oracle: a strategy that hangs or exhausts its heap takes nothing else with it.
import { importStrategy, keepStdoutForProtocol, readJob, readStream, reply } from './child-main.js';
import { check } from './oracle.js';

keepStdoutForProtocol();
const job = readJob();
reply(check(readStream(job.stream), await importStrategy(job.strategy), job.host));
