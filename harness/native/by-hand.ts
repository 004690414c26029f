// Writes a folder with the C programs' sources, the host's parameters and the streams. It needs a C compiler and make, and
// no Node: to run the programs under a profiler or hardware counters, on any machine.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../machine/usage-error.js';
import type { RunPlan } from '../plan/run-plan.js';
import { writeWhole } from '../process/scratch.js';
import { inTurn } from '../process/workshop.js';
import { FOLDERS, PROGRAM, SOURCES } from './compile.js';
import { hostWords } from './lane.js';

/** What is copied to the folder itself. */
const BY_HAND = join(SOURCES, 'harness/native/by-hand');

/** Whether a file of the sources belongs to the folder: a header, the program, or a chosen strategy. */
function isPart(path: string, strategies: readonly string[]): boolean {
  if (path.endsWith('.ts') || path === BY_HAND) return false;
  const isStrategy = strategies.some((id) => path === join(SOURCES, 'strategies', `${id}.c`));
  return !path.endsWith('.c') || isStrategy || path === PROGRAM;
}

/**
 * Writes to an existing folder.
 *
 * @returns A command for each strategy and workload, to be run after `make`: the paths of the program, of the host's file and
 * of the stream, and the parameters of the host that the workload changes, to be given after the file.
 * @throws UsageError if a strategy is not written in C.
 */
export async function writeNative(plan: RunPlan, directory: string) {
  const { strategies, workloads, seed, host } = plan;
  const ids = strategies.map(({ strategy, file }) => {
    if (file !== null) throw new UsageError(`${strategy.id} is not written in C`);
    return strategy.id;
  });
  const sources = join(directory, 'sources');
  await mkdir(sources, { recursive: true });
  for (const folder of FOLDERS) {
    const filter = (path: string): boolean => isPart(path, ids);
    await cp(join(SOURCES, folder), join(sources, folder), { recursive: true, filter });
  }
  await cp(BY_HAND, directory, { recursive: true });
  const hostFile = join(directory, 'host');
  await writeFile(hostFile, `${hostWords(host).join('\n')}\n`);
  const commands = await inTurn(workloads, async ({ workload, parameters, host: changed }) => {
    const { stream } = await workload.generate(parameters, seed, { ...host, ...changed });
    const file = join(directory, `${workload.id}.stream`);
    await writeWhole(file, stream.words);
    const changes = hostWords(changed);
    return ids.map((id) => ({ program: join(directory, id), host: hostFile, changes, stream: file }));
  });
  return commands.flat();
}
