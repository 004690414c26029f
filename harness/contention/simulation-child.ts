// A process that simulates one strategy, after recording its operations once for each host.
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
import { type SimulationSetting, simulate } from './simulation.js';

await serve('strategy', async () => {
  const job = readJob<SimulationJob>();
  const memory = harnessMemory(() => new RecordingMemory());
  const strategy = await importStrategy(job.strategy);
  let last: { readonly threads: number; readonly host: RecordedHost } | undefined;

  /** The host for these threads. The last one is kept. */
  function hostFor(threads: number): RecordedHost {
    if (last?.threads === threads) return last.host;
    const stream = readStream(job.streams[threads] as string);
    last = { threads, host: recordHost(stream, strategy, job.host, memory) };
    return last.host;
  }

  for (let line = readLine(); line !== null; line = readLine()) {
    const [command, argument = ''] = line.split(' ');
    if (command === 'work') reply(meanWork(hostFor(Number(argument))));
    else if (command === 'simulate') {
      const setting = JSON.parse(argument) as SimulationSetting;
      reply(simulate(hostFor(setting.threads), setting, job.seed));
    }
  }
});
