// How the work of a design grows with the host: counted on hosts that differ in one number.
import type { HostParameters } from '../machine/host.js';
import { countedParameters, SWEEP_POINTS, type SweepPoint, sizeOf } from '../workloads/sweep.js';
import { SWEEP_AXES } from '../workloads/sweep-axes.js';
import { concurrently } from './cell-runner.js';
import { Child } from './child.js';
import type { CountedPointReply, SweepJob } from './child-protocol.js';
import type { CountedVerb } from './counted-verbs.js';
import { CHILD_TIMEOUT_MS, COUNTED_SWEEP_ENTRIES, STARTING_PROCESSES } from './method.js';
import type { CountedSweepPoint, VerbCounts } from './results.js';
import { writeScratch } from './scratch.js';
import type { LoadedStrategy } from './strategy-module.js';

/** The hosts that every run counts on. */
export const COUNTED_POINTS: readonly SweepPoint[] = SWEEP_POINTS.filter(
  (point) => sizeOf(point) <= COUNTED_SWEEP_ENTRIES,
);

/** Verbs whose counts are kept; the others do not change with these hosts, or do as these do. */
const KEPT_VERBS: readonly CountedVerb[] = ['load', 'route', 'wake'];

/** A point with the file that its stream is in. */
interface WrittenPoint {
  readonly point: SweepPoint;
  readonly host: HostParameters;
  readonly stream: string;
}

async function writePoint(
  point: SweepPoint,
  run: HostParameters,
  seed: number,
  directory: string,
): Promise<WrittenPoint> {
  const host = { ...run, ...point.host };
  const { stream } = await point.workload.generate(countedParameters(point), seed, host);
  const { buffer, byteOffset, byteLength } = stream.words;
  const name = `${point.workload.id}.counted.stream`;
  return {
    point,
    host,
    stream: await writeScratch(directory, name, new Uint8Array(buffer, byteOffset, byteLength)),
  };
}

/** The counts of one strategy, point by point; fewer than there are points if it failed. */
async function countOne(
  { strategy, url }: LoadedStrategy,
  points: readonly WrittenPoint[],
  directory: string,
): Promise<(readonly VerbCounts[])[]> {
  const job: SweepJob = { strategy: url, points: points.map(({ stream, host }) => ({ stream, host })) };
  const jobFile = await writeScratch(directory, `sweeps.${strategy.id}.json`, JSON.stringify(job));
  const child = new Child('sweep-child', [jobFile], CHILD_TIMEOUT_MS);
  const counted: (readonly VerbCounts[])[] = [];
  try {
    while (counted.length < points.length) counted.push((await child.hear<CountedPointReply>()).verbs);
  } catch {
    // What it could not do is missing from the results.
  } finally {
    child.kill();
  }
  return counted;
}

/**
 * Counts the work of strategies on the hosts of all sweeps.
 *
 * @param run - The host of the run; a point says what of it is varied.
 * @param advance - Called once for each strategy.
 */
export async function countSweeps(
  strategies: readonly LoadedStrategy[],
  run: HostParameters,
  seed: number,
  directory: string,
  advance: () => void,
): Promise<CountedSweepPoint[]> {
  const written: WrittenPoint[] = [];
  for (const point of COUNTED_POINTS) written.push(await writePoint(point, run, seed, directory));
  const byStrategy = await concurrently(strategies, STARTING_PROCESSES, async (loaded) => {
    const counted = await countOne(loaded, written, directory);
    advance();
    return { id: loaded.strategy.id, counted };
  });
  return written.map(({ point, host }, index) => ({
    axis: point.axis,
    along: SWEEP_AXES[point.axis],
    value: point.value,
    host,
    parameters: { ...countedParameters(point) },
    counted: byStrategy.flatMap(({ id, counted }) => {
      const verbs = counted[index];
      if (verbs === undefined) return [];
      return [{ strategy: id, verbs: verbs.filter(({ verb }) => KEPT_VERBS.includes(verb)) }];
    }),
  }));
}
