// How the work of a strategy grows with the host, counted on hosts that differ in one number.
import { countedParameters, SWEEP_POINTS, type SweepPoint } from '../../workloads/sweep.js';
import { COUNTED_AXES, STARTING_PROCESSES } from '../method.js';
import type { RunContext, RunPlan } from '../plan/run-plan.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { Child, ChildError, withChild } from '../process/child.js';
import { writeScratch, writeStream } from '../process/scratch.js';
import { concurrently, inTurn, tryTwice } from '../process/workshop.js';
import type { CountedVerb } from '../results/counted-verbs.js';
import type { CountedWork, Held, OwnCode, Undone, VerbCounts } from '../results/results.js';
import { ownCode } from './own-code.js';
import type { SweepJob } from './sweep-child.js';

/** The points of sweeps that every run counts. */
export const COUNTED_POINTS: readonly SweepPoint[] = SWEEP_POINTS.filter(({ axis }) =>
  COUNTED_AXES.some((counted) => counted === axis),
);

/** Operations whose counts are kept. The others do not change with the point, or change as these do. */
const KEPT_VERBS: readonly CountedVerb[] = ['load', 'route', 'wake'];

/** The host of a point, and the path of its stream's file. */
type WrittenPoint = SweepJob['points'][number];

async function writePoint(point: SweepPoint, { plan, directory }: RunContext<RunPlan>) {
  const host = { ...plan.host, ...point.host };
  const { stream } = await point.workload.generate(countedParameters(point), plan.seed, host);
  // The teardown is counted only in workloads.
  const words = stream.words.subarray(0, stream.windowEnd);
  return { host, stream: await writeStream(directory, `${point.workload.id}.counted`, words) };
}

/** The counts that need no clock: memory held, code, and work by point. */
export type CountedSweeps = Awaited<ReturnType<typeof countSweeps>>;

/** @returns The memory held by a strategy, and its work by point; nothing of one that failed. */
async function countOne(
  { strategy: { id }, url }: LoadedStrategy,
  points: readonly WrittenPoint[],
  { plan: { host }, directory, progress }: RunContext<RunPlan>,
) {
  const job: SweepJob = { strategy: url, host, points };
  const name = `sweeps.${id}.${host.pointerBytes}.json`;
  const jobFile = await writeScratch(directory, name, JSON.stringify(job));
  try {
    return await tryTwice(`${id} on sweeps`, progress.note, () =>
      withChild(new Child('counting/sweep-child', [jobFile]), async (child) => {
        const held = await child.hear<Held>();
        const counted = await inTurn(points, async (): Promise<CountedWork> => {
          const verbs = await child.hear<VerbCounts[]>();
          return { strategy: id, verbs: verbs.filter(({ verb }) => KEPT_VERBS.includes(verb)) };
        });
        return { held: [held], counted, undone: [] };
      }),
    );
  } catch (error) {
    if (!(error instanceof ChildError)) throw error;
    const undone: Undone = { strategy: id, where: 'sweeps', what: 'counted', reason: error.message };
    return { held: [], counted: [], undone: [undone] };
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

/**
 * Measures the memory of a plan's strategies, counts their code, and counts their work at points of the sweeps. One step of
 * progress for each strategy.
 */
export async function countSweeps(context: RunContext<RunPlan>, points: readonly SweepPoint[]) {
  const { strategies } = context.plan;
  const written = await inTurn(points, (point) => writePoint(point, context));
  const known = await concurrently(strategies, STARTING_PROCESSES, async (loaded) => {
    const one = await countOne(loaded, written, context);
    context.progress.advance('counting sweeps');
    return one;
  });
  const counted = points.map((point, index): [SweepPoint, CountedWork[]] => [
    point,
    known.flatMap((one) => one.counted[index] ?? []),
  ]);
  return {
    held: known.flatMap(({ held }) => held),
    code: strategies.flatMap(codeOf),
    // The work of each strategy in one round. Strategies that failed are missing.
    counted: new Map(counted),
    undone: known.flatMap(({ undone }) => undone),
  };
}
