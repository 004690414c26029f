// Updates of one vCPU in C, each timed by itself: with caches that are hot, and after the lines that it touches were evicted
// to memory. Between two loads of a real vCPU a guest has run on that CPU. The time of an update with many entries is also the
// time for which interrupts are off.
import { STARTING_PROCESSES } from '../method.js';
import type { NativeLane } from '../native/lane.js';
import type { BenchPlan, RunContext } from '../plan/run-plan.js';
import { STEP_SECONDS } from '../plan/step-costs.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { unwritten, writeStream } from '../process/scratch.js';
import { concurrently } from '../process/workshop.js';
import type { SinglePoint, SingleProcess, SingleTimes, SingleUpdates, Undone } from '../results/results.js';
import { SINGLE_UPDATES_PLACE as PLACE } from '../results/single-updates.js';
import { runTwice, undoneOf } from '../timing/cell-runner.js';
import { checkEvictions } from './chain.js';
import { runReference } from './references.js';
import { singleUpdateStream } from './stream.js';
import { summarise } from './summary.js';
import { drawSet, type EndedProcess, REPLAYS, runSingleSet, type TimedWindow, wordsOf } from './timed-set.js';

/** The single updates of a run, and what could not be timed. */
export interface TimedSingleUpdates {
  readonly singleUpdates: SingleUpdates;
  readonly undone: readonly Undone[];
}

/** The expected seconds of a plan's single updates; see step-costs. */
export function singleUpdateSeconds({ strategies, singleUpdates }: BenchPlan): number {
  if (singleUpdates === 0) return 0;
  return strategies.length * (STEP_SECONDS.recording + singleUpdates * STEP_SECONDS.single);
}

const nothing = (reason: string): TimedSingleUpdates => ({
  singleUpdates: { reason, chain: null, points: [] },
  undone: [],
});

/** Times the single updates of a run, if its plan has them. @param able - The strategies whose operations all end. */
export async function timeSingleUpdates(
  context: RunContext<BenchPlan>,
  { programs, reason }: NativeLane,
  able: readonly LoadedStrategy[],
): Promise<TimedSingleUpdates> {
  if (context.plan.singleUpdates === 0) return nothing('they were not asked for');
  if (reason !== null) return nothing(reason);
  const inC = able.filter(({ strategy: { id } }) => programs.has(id));
  return timeInC(context, programs, inC).catch((error) => {
    const undone = unwritten(error, inC, { where: PLACE, what: 'timed' });
    return { ...nothing('their files could not be written'), undone };
  });
}

async function timeInC(
  { plan, directory, progress }: RunContext<BenchPlan>,
  programs: NativeLane['programs'],
  inC: readonly LoadedStrategy[],
): Promise<TimedSingleUpdates> {
  const { stream, parts } = singleUpdateStream(plan.host, plan.seed);
  const streamFile = await writeStream(directory, PLACE, stream.words);
  const window: TimedWindow = { host: plan.host, stream: streamFile, parts };
  const [program] = programs.values();
  const checked = await checkEvictions(program as string, wordsOf(window), progress.note);
  if (checked.reason !== null) {
    progress.note(`no times of single updates: ${checked.reason}`);
    return nothing(checked.reason);
  }
  const ids = inC.map(({ strategy: { id } }) => id);
  const sets = Array.from({ length: plan.singleUpdates }, (_, number) =>
    drawSet(plan.seed, number, ids, directory),
  );
  const references = await concurrently(inC, STARTING_PROCESSES, async (loaded) => {
    const own = sets.flat().filter(({ strategy }) => strategy === loaded.strategy.id);
    const job = {
      host: plan.host,
      stream: window.stream,
      replays: REPLAYS,
      heaps: own.map(({ heapSeed: seed, lines }) => ({ seed, lines })),
    };
    const reference = await runReference(loaded, job, directory, progress.note);
    progress.advance('recording the lines of single updates', STEP_SECONDS.recording);
    return reference;
  });
  const digests = new Map(references.flatMap((reference) => [...reference.digests]));
  const ended: EndedProcess[] = [];
  for (const [number, set] of sets.entries()) {
    const ready = set.filter(({ lines }) => digests.has(lines));
    if (ready.length === 0) continue;
    const run = () => runSingleSet(ready, window, programs, plan.seed + number);
    ended.push(...(await runTwice(`set ${number} of ${PLACE}`, progress.note, run)));
    const seconds = inC.length * STEP_SECONDS.single;
    progress.advance(`timing single updates, process ${number + 1}`, seconds);
  }
  const points = parts.map(({ entries }, index) => ({
    entries,
    strategies: ids.flatMap((id) => strategiesOf(id, index, ended, digests)),
  }));
  const untimed = references.map((reference) => ({ ...reference, isOfMachine: true }));
  return {
    singleUpdates: { reason: null, chain: checked.chain, points },
    undone: undoneOf([...untimed, ...ended], PLACE, 'timed'),
  };
}

/** The processes of a strategy at a point, and those of its A/A control if it has one. */
function strategiesOf(
  strategy: string,
  part: number,
  ended: readonly EndedProcess[],
  digests: ReadonlyMap<string, string>,
): SinglePoint['strategies'] {
  return (['strategy', 'twin'] as const).flatMap((role) => {
    const own = ended.filter((one) => one.strategy === strategy && one.role === role);
    if (own.length === 0) return [];
    return [{ strategy, role, processes: own.map((one) => processOf(one, part, digests)) }];
  });
}

function processOf(
  { processNumber, heapSeed, hot, cold, empty, nsPerTick, digest, error, lines }: EndedProcess,
  part: number,
  digests: ReadonlyMap<string, string>,
): SingleProcess {
  const timesOf = (ticks: readonly number[][]): SingleTimes | null =>
    error === null ? summarise(ticks[part] as number[], empty, nsPerTick) : null;
  return {
    processNumber,
    heapSeed,
    hot: timesOf(hot),
    cold: timesOf(cold),
    digest,
    digestMatches: digest !== null && digest === digests.get(lines),
    error,
  };
}
