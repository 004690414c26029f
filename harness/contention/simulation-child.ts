// A process that simulates one strategy. Its operations are recorded once for each host.
//
//   runner  work THREADS      child  MeanWork on the host for these threads
//   runner  simulate SETTING  child  SimulationResult; SETTING is a SimulationSetting in JSON
import type { HostParameters } from '../../machine/host.js';
import {
  harnessMemory,
  importStrategy,
  readJob,
  readLine,
  readStream,
  reply,
  serve,
} from '../process/child-main.js';
import { meanWork, type RecordedHost, recordHost } from './recorded-host.js';
import { RecordingMemory } from './recording-memory.js';
import { type SimulationSetting, simulate } from './simulation.js';

/** The job of a process that simulates, in a JSON file. */
export interface SimulationJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  readonly host: HostParameters;
  /** Paths of the streams, by the threads that their hosts are for. */
  readonly streams: Readonly<Record<number, string>>;
  readonly seed: number;
}

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
