// How the work of a design grows with the host: counted on hosts that differ in one number.
import type { HostParameters } from '../../machine/host.js';
import { countedParameters, SWEEP_POINTS, type SweepPoint } from '../../workloads/sweep.js';
import { COUNTED_SWEEP_VCPUS, STARTING_PROCESSES } from '../method.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { Child, ChildError, withChild } from '../process/child.js';
import type { CountedPointReply, SweepJob } from '../process/child-protocol.js';
import { writeScratch, writeStream } from '../process/scratch.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { CountedVerb } from '../results/counted-verbs.js';
import type { CountedWork, Held, OwnCode, Undone, VerbCounts } from '../results/results.js';
import { ownCode } from './own-code.js';

/** The hosts that a run counts on. */
export const COUNTED_POINTS: readonly SweepPoint[] = SWEEP_POINTS.filter(
  ({ parameters: { vms, vcpusPerVm } }) => vms * vcpusPerVm <= COUNTED_SWEEP_VCPUS,
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
  // Without the teardown, which is counted of the workloads.
  const words = stream.words.subarray(0, stream.windowEnd);
  return { point, host, stream: await writeStream(directory, `${point.workload.id}.counted`, words) };
}

/** What hosts without a clock say of strategies. */
export interface CountedSweeps {
  readonly held: Held[];
  readonly code: OwnCode[];
  /** What each strategy did on a host, in one round; those that failed on the way are missing. */
  readonly counted: ReadonlyMap<SweepPoint, CountedWork[]>;
  /** Who failed, and why. */
  readonly undone: readonly Undone[];
}

/** What is known of one strategy. */
interface CountedStrategy {
  readonly id: string;
  /** Null if it failed. */
  readonly held: Held | null;
  /** Point by point; none if it failed. */
  readonly counted: readonly (readonly VerbCounts[])[];
  readonly undone: readonly Undone[];
}

async function countOne(
  { strategy, url }: LoadedStrategy,
  host: HostParameters,
  points: readonly WrittenPoint[],
  directory: string,
  note: (line: string) => void,
): Promise<CountedStrategy> {
  const job: SweepJob = {
    strategy: url,
    host,
    points: points.map(({ stream, host: varied }) => ({ stream, host: varied })),
  };
  const jobFile = await writeScratch(directory, `sweeps.${strategy.id}.json`, JSON.stringify(job));
  try {
    const counts = await tryTwice(`${strategy.id} on sweeps`, note, () =>
      withChild(new Child('counting/sweep-child', [jobFile]), async (child) => {
        const held = await child.hear<Held>();
        const counted: (readonly VerbCounts[])[] = [];
        while (counted.length < points.length) counted.push((await child.hear<CountedPointReply>()).verbs);
        return { held, counted };
      }),
    );
    return { id: strategy.id, ...counts, undone: [] };
  } catch (error) {
    if (!(error instanceof ChildError)) throw error;
    const undone = [
      { strategy: strategy.id, where: 'sweeps', what: 'counted', reason: error.message } as const,
    ];
    return { id: strategy.id, held: null, counted: [], undone };
  }
}

/** The size of a strategy's code; none if it has syntax that the parser does not know. */
function codeOf({ strategy, url }: LoadedStrategy): OwnCode[] {
  try {
    return [ownCode(strategy.id, url)];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

/**
 * Weighs what strategies hold, counts their own code, and counts their work on the hosts of sweeps.
 *
 * @param run - The host of the run; a point says what of it is varied.
 * @param advance - Called once for each strategy.
 * @param note - Hears of a second try that succeeded.
 */
export async function countSweeps(
  strategies: readonly LoadedStrategy[],
  points: readonly SweepPoint[],
  run: HostParameters,
  seed: number,
  directory: string,
  advance: () => void,
  note: (line: string) => void,
): Promise<CountedSweeps> {
  const written: WrittenPoint[] = [];
  for (const point of points) written.push(await writePoint(point, run, seed, directory));
  const known = await concurrently(strategies, STARTING_PROCESSES, async (loaded) => {
    const one = await countOne(loaded, run, written, directory, note);
    advance();
    return one;
  });
  const counted = written.map(({ point }, index): [SweepPoint, CountedWork[]] => [
    point,
    known.flatMap(({ id, counted: byPoint }) => {
      const verbs = byPoint[index];
      if (verbs === undefined) return [];
      return [{ strategy: id, verbs: verbs.filter(({ verb }) => KEPT_VERBS.includes(verb)) }];
    }),
  ]);
  return {
    held: known.flatMap(({ held }) => (held === null ? [] : [held])),
    code: strategies.flatMap(codeOf),
    counted: new Map(counted),
    undone: known.flatMap(({ undone }) => undone),
  };
}
