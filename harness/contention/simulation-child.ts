// A process that simulates one strategy. Its operations are recorded once for each host.
//
//   runner  work HOST              child  MeanWork on the host of this name
//   runner  simulate HOST SETTING  child  SimulationResult; SETTING is a SimulationSetting in JSON
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
  /** By name: the parameters of each host, and the path of its stream. */
  readonly hosts: Readonly<Record<string, { readonly parameters: HostParameters; readonly stream: string }>>;
  readonly seed: number;
}

await serve('strategy', async () => {
  const job = readJob<SimulationJob>();
  const memory = harnessMemory(() => new RecordingMemory());
  const strategy = await importStrategy(job.strategy);
  let last: { readonly name: string; readonly host: RecordedHost } | undefined;

  /** The host of a name. The last one is kept. */
  function hostOf(name: string): RecordedHost {
    if (last?.name === name) return last.host;
    const { stream, parameters } = job.hosts[name] as SimulationJob['hosts'][string];
    last = { name, host: recordHost(readStream(stream), strategy, parameters, memory) };
    return last.host;
  }

  for (let line = readLine(); line !== null; line = readLine()) {
    const [command, name = '', setting = ''] = line.split(' ');
    if (command === 'work') reply(meanWork(hostOf(name)));
    else if (command === 'simulate') {
      reply(simulate(hostOf(name), JSON.parse(setting) as SimulationSetting, job.seed));
    }
  }
});
