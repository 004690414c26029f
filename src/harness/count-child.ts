// One process that counts the work of a strategy on a stream.
import { importStrategy, keepStdoutForProtocol, readJob, readStream, reply } from './child-main.js';
import { countWork } from './counted-work.js';

keepStdoutForProtocol();
const job = readJob();
reply(countWork(readStream(job.stream), await importStrategy(job.strategy), job.host));
