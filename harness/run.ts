// A whole run. Streams are generated; each strategy is judged, counted and timed on each; several threads work on one
// host; and all of that becomes Results.
import { sum } from 'simple-statistics';
import { countedParameters, hasRoom, SWEEP_POINTS, type SweepPoint } from '../workloads/sweep.js';
import { SWEEP_AXES } from '../workloads/sweep-axes.js';
import { ContentionRun } from './contention/contention.js';
import { COUNTED_POINTS, type CountedSweeps, countSweeps } from './counting/sweeps.js';
import { captureEnvironment } from './environment.js';
import {
  BASELINE,
  CONFIDENCE,
  COUNTED_SWEEP_VCPUS,
  DECOMPOSITION,
  EQUIVALENCE_BAND,
  MIN_BATCH_MS,
  NATIVE_PROCESS_INTERVAL,
} from './method.js';
import { type NativeLane, openLane } from './native/lane.js';
import { type Prepared, prepare } from './plan/prepare.js';
import type { BenchPlan, ProcessCounts, Progress, RunContext, RunPlan } from './plan/run-plan.js';
import { describeStrategy } from './plan/strategy-module.js';
import { withScratch } from './process/scratch.js';
import { toolVersion } from './process/tool-version.js';
import { isCountable } from './results/comparison.js';
import {
  type Cell,
  type Check,
  RESULTS_VERSION,
  type Results,
  type Undone,
  type WorkloadInfo,
} from './results/results.js';
import { setsOf } from './timing/cell-runner.js';
import { cellPlanOf, TimedCell } from './timing/timed-cell.js';
import type { Judged } from './verify/judge-strategies.js';
import { judgeWorkload, type WorkloadJudgement } from './verify/judge-workload.js';

/** One workload's verdicts. */
export interface Verification extends Judged<Check> {
  readonly workload: WorkloadInfo;
}

/** Judges every strategy on every workload. */
export async function verify(plan: RunPlan, progress: Progress): Promise<Verification[]> {
  return withScratch(async (directory) => {
    const all: Prepared[] = [];
    for (const workload of plan.workloads) all.push(await prepare(plan, workload, directory));
    progress.start(plan.strategies.length * plan.workloads.length);
    const verifications: Verification[] = [];
    for (const prepared of all) {
      const { checks, undone } = await judgeWorkload(plan, prepared, false, progress);
      verifications.push({ workload: prepared.info, checks, undone });
    }
    return verifications;
  });
}

type BenchContext = RunContext<BenchPlan>;

type Decomposition = NonNullable<BenchPlan['decomposition']>;

/** A workload, a point of a sweep, or a host of the decomposition, with its stream. */
interface PreparedCell {
  readonly of: 'workload' | 'decomposition' | SweepPoint;
  /** Its strategies, host and memory. */
  readonly plan: RunPlan;
  readonly processes: ProcessCounts;
  readonly prepared: Prepared;
}

type JudgedCell = PreparedCell & WorkloadJudgement;

/** A cell that is part of the results. */
interface FinishedCell extends PreparedCell {
  readonly cell: Cell;
  readonly undone: readonly Undone[];
}

/** Judges, counts and times every strategy on every workload. */
export async function bench(plan: BenchPlan, progress: Progress): Promise<Results> {
  const startedAt = new Date();
  const start = performance.now();
  const machine = { environment: captureEnvironment(), tool: toolVersion() };
  return withScratch(async (directory) => {
    const run: BenchContext = { plan, directory, progress };
    const prepared = await prepareCells(run);
    progress.start(stepsOf(plan, prepared));
    const judged = await judgeCells(run, prepared);
    const sweeps = await countPoints(run, judged);
    const lane = openLane(plan.strategies, plan.host.pointerBytes);
    const timed = await openTiming(run, judged, lane);
    const contention = await ContentionRun.open(run, lane);
    await runSets(run, timed, contention);
    const cells = await finishCells(run, judged, timed);
    const many = await contention?.finish(progress);
    const { strategies, suite, seed, processes, rounds, host } = plan;
    const workloads = cells.filter(({ of }) => of === 'workload');
    return {
      schema: 'gatag-bench results',
      version: RESULTS_VERSION,
      ...machine,
      run: {
        startedAt: startedAt.toISOString(),
        seconds: (performance.now() - start) / 1000,
        suite,
        seed,
        processes,
        rounds,
        noNative: lane.reason,
        batchMs: MIN_BATCH_MS,
        baseline: BASELINE,
        band: EQUIVALENCE_BAND,
        confidence: CONFIDENCE,
      },
      host,
      strategies: strategies.map(describeStrategy),
      workloads: workloads.map(({ prepared: { info } }) => info),
      cells: workloads.map(({ cell }) => cell),
      held: sweeps.held,
      code: sweeps.code,
      sweeps: sweptPoints(run, sweeps.counted, cells),
      decomposition: cells
        .filter(({ of }) => of === 'decomposition')
        .map(({ prepared, cell }) => ({ iommus: prepared.host.iommus, cell })),
      contention: many?.contention ?? null,
      undone: [...cells.flatMap(({ undone }) => undone), ...sweeps.undone, ...(many?.undone ?? [])],
    };
  });
}

/** Steps of a run's progress. */
function stepsOf(plan: BenchPlan, cells: readonly PreparedCell[]): number {
  // In a cell each strategy is judged, sized and run untimed; then come the sets.
  const cellSteps = sum(
    cells.map(({ plan: { strategies }, processes }) => 3 * strategies.length + setsOf(processes)),
  );
  return cellSteps + plan.strategies.length + ContentionRun.stepsOf(plan);
}

/** Generates the streams of all cells. */
async function prepareCells({ plan, directory }: BenchContext): Promise<PreparedCell[]> {
  const { workloads, points, host, decomposition } = plan;
  const processes = { v8: plan.processes, c: Math.ceil(plan.processes / NATIVE_PROCESS_INTERVAL) };
  const cells: PreparedCell[] = [];
  for (const workload of workloads) {
    cells.push({ of: 'workload', plan, processes, prepared: await prepare(plan, workload, directory) });
  }
  for (const point of points) {
    const pointPlan = { ...plan, host: { ...host, ...point.host }, memory: 'journaled' as const };
    cells.push({
      of: point,
      plan: pointPlan,
      processes,
      prepared: await prepare(pointPlan, point, directory),
    });
  }
  for (const iommus of decomposition === null ? [] : DECOMPOSITION.iommus) {
    cells.push(await prepareDecomposed(plan, decomposition as Decomposition, iommus, directory));
  }
  return cells;
}

/** Generates the stream of a host of the decomposition. */
async function prepareDecomposed(
  plan: BenchPlan,
  { workload, parameters, processes }: Decomposition,
  iommus: number,
  directory: string,
): Promise<PreparedCell> {
  const own = {
    ...plan,
    strategies: plan.strategies.filter(({ strategy }) =>
      DECOMPOSITION.strategies.some((id) => id === strategy.id),
    ),
    host: { ...plan.host, iommus },
    memory: 'journaled' as const,
  };
  const named = { workload: { ...workload, id: `${workload.id}-iommus-${iommus}` }, parameters };
  return {
    of: 'decomposition',
    plan: own,
    processes,
    prepared: await prepare(own, named, directory),
  };
}

/** Judges all strategies on all cells, and counts their work on hosts that are not too large. */
async function judgeCells(
  { progress }: BenchContext,
  prepared: readonly PreparedCell[],
): Promise<JudgedCell[]> {
  const cells: JudgedCell[] = [];
  for (const cell of prepared) {
    const counts = typeof cell.of === 'string' || cell.prepared.info.vcpus <= COUNTED_SWEEP_VCPUS;
    cells.push({ ...cell, ...(await judgeWorkload(cell.plan, cell.prepared, counts, progress)) });
  }
  return cells;
}

/** Counts strategies at the points of the sweeps, if their checks all ran to the end. */
function countPoints(
  { plan, directory, progress }: BenchContext,
  cells: readonly JudgedCell[],
): Promise<CountedSweeps> {
  const { strategies, host, seed, sweeps } = plan;
  const failed = cells.flatMap(({ checks }) => checks.filter((check) => !isCountable(check)));
  const able = strategies.filter(({ strategy: { id } }) => failed.every(({ strategy }) => strategy !== id));
  return countSweeps({
    strategies: able,
    points: sweeps ? COUNTED_POINTS.filter((point) => hasRoom(point, host)) : [],
    host,
    seed,
    directory,
    advance: () => progress.advance('counting sweeps'),
    note: progress.note,
  });
}

/** Sizes the batches of all cells. A strategy whose check did not end is not timed, since a window would not end. */
async function openTiming(
  { plan: { rounds }, progress }: BenchContext,
  cells: readonly JudgedCell[],
  { programs }: NativeLane,
): Promise<TimedCell[]> {
  const timed: TimedCell[] = [];
  for (const { plan, prepared, processes: planned, checks } of cells) {
    // Without C, V8 alone decides the number of sets.
    const processes = programs.size === 0 ? { ...planned, c: 0 } : planned;
    const whole = cellPlanOf(plan, prepared, { baseline: BASELINE, processes, rounds, programs });
    const strategies = whole.strategies.filter(({ id }) =>
      checks.some((check) => check.strategy === id && isCountable(check)),
    );
    timed.push(await TimedCell.open({ ...whole, strategies }, progress));
  }
  return timed;
}

/**
 * Runs the sets of processes: the first of each cell, the second of each, and so on, so that a slow minute of the machine
 * does not affect one cell alone.
 */
async function runSets(
  { plan, progress }: BenchContext,
  cells: readonly TimedCell[],
  contention: ContentionRun | null,
): Promise<void> {
  const sets = Math.max(plan.processes, ...cells.map(({ sets: own }) => own));
  for (let processNumber = 0; processNumber < sets; processNumber++) {
    for (const cell of cells) await cell.runSet(processNumber, progress);
    if (processNumber < plan.processes) await contention?.runSet(processNumber, progress);
  }
}

/** Checks the digests of all cells. @param timed - In the order of the cells. */
async function finishCells(
  { progress }: BenchContext,
  cells: readonly JudgedCell[],
  timed: readonly TimedCell[],
): Promise<FinishedCell[]> {
  const finished: FinishedCell[] = [];
  for (const [index, { checks, counted, undone, ...known }] of cells.entries()) {
    const { timing, undone: untimed } = await (timed[index] as TimedCell).finish(progress);
    const cell = { workload: known.prepared.info.id, checks: [...checks], counted: [...counted], timing };
    finished.push({ ...known, cell, undone: [...undone, ...untimed] });
  }
  return finished;
}

/** The points of the sweeps that were counted or timed. */
function sweptPoints(
  { plan: { host } }: BenchContext,
  counted: CountedSweeps['counted'],
  cells: readonly FinishedCell[],
): Results['sweeps'] {
  return SWEEP_POINTS.flatMap((point) => {
    const known = counted.get(point);
    const timed = cells.find(({ of }) => of === point);
    if (known === undefined && timed === undefined) return [];
    return [
      {
        axis: point.axis,
        along: SWEEP_AXES[point.axis],
        value: point.value,
        host: { ...host, ...point.host },
        parameters: { ...(known === undefined ? point.parameters : countedParameters(point)) },
        counted: known ?? [],
        cell: timed?.cell ?? null,
      },
    ];
  });
}
