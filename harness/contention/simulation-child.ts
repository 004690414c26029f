// A process that simulates one strategy. What its operations do is recorded once for each host.

import {
  harnessMemory,
  importStrategy,
  readJob,
  readLine,
  readStream,
  reply,
  serve,
} from '../process/child-main.js';
import type { SimulationJob } from '../process/child-protocol.js';
import { meanWork, type RecordedHost, recordHost } from './recorded-host.js';
import { RecordingMemory } from './recording-memory.js';
import { simulate } from './simulation.js';

await serve('strategy', async () => {
  const job = readJob<SimulationJob>();
  const memory = harnessMemory(() => new RecordingMemory());
  const strategy = await importStrategy(job.strategy);
  let recorded: { readonly threads: number; readonly host: RecordedHost } | undefined;

  /** What a strategy does on the host for so many threads; the last one is kept. */
  function hostFor(threads: number): RecordedHost {
    if (recorded?.threads === threads) return recorded.host;
    const stream = readStream(job.streams[threads] as string);
    recorded = { threads, host: recordHost(stream, strategy, job.host, memory) };
    return recorded.host;
  }

  for (let line = readLine(); line !== null; line = readLine()) {
    const [command, ...words] = line.split(' ');
    const [threads = 0, cpus = 0, ...prices] = words.map(Number);
    if (command === 'work') reply(meanWork(hostFor(threads)));
    else if (command === 'simulate') {
      const [accessNs = 0, lockNs = 0, entryNs = 0, lockTransferNs = 0, lineTransferNs = 0] = prices;
      const named = { accessNs, lockNs, entryNs, lockTransferNs, lineTransferNs };
      reply(simulate(hostFor(threads), threads, cpus, named, job.seed));
    }
  }
});
