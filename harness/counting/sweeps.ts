// How the work of a strategy grows with the host, counted on hosts that differ in one number.
import type { HostParameters } from '../../machine/host.js';
import { countedParameters, SWEEP_POINTS, type SweepPoint } from '../../workloads/sweep.js';
import { COUNTED_AXES, STARTING_PROCESSES } from '../method.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { Child, ChildError, withChild } from '../process/child.js';
import { writeScratch, writeStream } from '../process/scratch.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { CountedVerb } from '../results/counted-verbs.js';
import type { CountedWork, Held, OwnCode, Undone, VerbCounts } from '../results/results.js';
import { ownCode } from './own-code.js';
import type { CountedPointReply, SweepJob } from './sweep-child.js';

/** The points of sweeps that every run counts. */
export const COUNTED_POINTS: readonly SweepPoint[] = SWEEP_POINTS.filter(({ axis }) =>
  COUNTED_AXES.some((counted) => counted === axis),
);

/** Operations whose counts are kept. The others do not change with the point, or change as these do. */
const KEPT_VERBS: readonly CountedVerb[] = ['load', 'route', 'wake'];

/** What is counted, and with what. */
interface SweepPlan {
  readonly strategies: readonly LoadedStrategy[];
  readonly points: readonly SweepPoint[];
  /** The host of the run. Each point changes some of its parameters. */
  readonly host: HostParameters;
  readonly seed: number;
  /** Folder for the files that children read. */
  readonly directory: string;
  /** Called when a strategy is done. */
  readonly advance: () => void;
  /** Called with a line of text when a second try succeeds. */
  readonly note: (line: string) => void;
}

/** A point, its host, and the path of its stream's file. */
interface WrittenPoint {
  readonly point: SweepPoint;
  readonly host: HostParameters;
  readonly stream: string;
}

async function writePoint(
  point: SweepPoint,
  { host: run, seed, directory }: SweepPlan,
): Promise<WrittenPoint> {
  const host = { ...run, ...point.host };
  const { stream } = await point.workload.generate(countedParameters(point), seed, host);
  // The teardown is counted only in workloads.
  const words = stream.words.subarray(0, stream.windowEnd);
  return { point, host, stream: await writeStream(directory, `${point.workload.id}.counted`, words) };
}

/** The counts that need no clock: memory held, code, and work by point. */
export interface CountedSweeps {
  readonly held: Held[];
  readonly code: OwnCode[];
  /** The work of each strategy in one round. Strategies that failed are missing. */
  readonly counted: ReadonlyMap<SweepPoint, CountedWork[]>;
  /** The strategies that failed, with the reason. */
  readonly undone: readonly Undone[];
}

/** The counts of one strategy. */
interface CountedStrategy {
  readonly id: string;
  /** Null if the strategy failed. */
  readonly held: Held | null;
  /** By point; empty if the strategy failed. */
  readonly counted: readonly (readonly VerbCounts[])[];
  readonly undone: readonly Undone[];
}

async function countOne(
  { strategy, url }: LoadedStrategy,
  points: readonly WrittenPoint[],
  { host, directory, note }: SweepPlan,
): Promise<CountedStrategy> {
  const job: SweepJob = {
    strategy: url,
    host,
    points: points.map(({ stream, host: varied }) => ({ stream, host: varied })),
  };
  const jobFile = await writeScratch(
    directory,
    `sweeps.${strategy.id}.${host.pointerBytes}.json`,
    JSON.stringify(job),
  );
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

/** The size of a strategy's code; empty if the parser does not know its syntax. */
function codeOf({ strategy, url }: LoadedStrategy): OwnCode[] {
  try {
    return [ownCode(strategy.id, url)];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

/** Measures the memory of strategies, counts their code, and counts their work at points of the sweeps. */
export async function countSweeps(plan: SweepPlan): Promise<CountedSweeps> {
  const { strategies, points, advance } = plan;
  const written: WrittenPoint[] = [];
  for (const point of points) written.push(await writePoint(point, plan));
  const known = await concurrently(strategies, STARTING_PROCESSES, async (loaded) => {
    const one = await countOne(loaded, written, plan);
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
