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
import { plansByHost } from './plan/hosts.js';
import { type Prepared, prepare } from './plan/prepare.js';
import type { BenchPlan, ProcessCounts, Progress, RunContext, RunPlan } from './plan/run-plan.js';
import { describeStrategy, type LoadedStrategy } from './plan/strategy-module.js';
import { withScratch } from './process/scratch.js';
import { toolVersion } from './process/tool-version.js';
import { isCountable } from './results/comparison.js';
import { hostDifference } from './results/other-hosts.js';
import {
  type Cell,
  type Check,
  type OtherHost,
  RESULTS_VERSION,
  type Results,
  type Undone,
  type WorkloadInfo,
} from './results/results.js';
import { singleUpdateSteps, timeSingleUpdates } from './single-updates/single-updates.js';
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
    const plans = plansByHost(plan).filter(({ strategies }) => strategies.length > 0);
    const prepared: { readonly plan: RunPlan; readonly prepared: Prepared }[][] = [];
    for (const workload of plan.workloads) {
      const onHosts = [];
      for (const own of plans) onHosts.push({ plan: own, prepared: await prepare(own, workload, directory) });
      prepared.push(onHosts);
    }
    for (const other of plans.slice(plans[0]?.host === plan.host ? 1 : 0)) {
      const names = other.strategies.map(({ strategy: { id } }) => id).join(', ');
      progress.note(`judged on a host with ${hostDifference(other, plan)}: ${names}`);
    }
    progress.start(plan.strategies.length * plan.workloads.length);
    const verifications: Verification[] = [];
    for (const onHosts of prepared) {
      const judged: WorkloadJudgement[] = [];
      for (const one of onHosts) judged.push(await judgeWorkload(one.plan, one.prepared, false, progress));
      const checks = plan.strategies.flatMap(({ strategy: { id } }) =>
        judged.flatMap((one) => one.checks.filter((check) => check.strategy === id)),
      );
      const workload = (onHosts[0] as (typeof onHosts)[number]).prepared.info;
      verifications.push({ workload, checks, undone: judged.flatMap(({ undone }) => undone) });
    }
    return verifications;
  });
}

type BenchContext = RunContext<BenchPlan>;

type Decomposition = NonNullable<BenchPlan['decomposition']>;

/** A workload, a point of a sweep, or a host of the decomposition, with its stream. */
interface PreparedCell {
  readonly of: 'workload' | 'decomposition' | SweepPoint;
  /** The plan of the host, or of another host, that it belongs to. */
  readonly group: BenchPlan;
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
export async function bench(whole: BenchPlan, progress: Progress): Promise<Results> {
  const startedAt = new Date();
  const start = performance.now();
  const machine = { environment: captureEnvironment(), tool: toolVersion() };
  return withScratch(async (directory) => {
    const [own, ...others] = benchPlansByHost(whole) as [BenchPlan, ...BenchPlan[]];
    const run: BenchContext = { plan: own, directory, progress };
    const ofOwn = await prepareCells(run);
    const prepared = [...ofOwn, ...(await prepareOthers(run, others, ofOwn))];
    progress.start(stepsOf([own, ...others], prepared));
    const judged = await judgeCells(run, prepared);
    const judgedOn = (plan: BenchPlan) => judged.filter((cell) => cell.group === plan);
    const sweeps = await countPoints(run, judgedOn(own));
    const counted: CountedSweeps[] = [];
    for (const plan of others) counted.push(await countPoints({ ...run, plan }, judgedOn(plan)));
    const lane = openLane(own.strategies, own.host.pointerBytes);
    const lanes = new Map([[own, lane]]);
    for (const plan of others) lanes.set(plan, openLane(plan.strategies, plan.host.pointerBytes));
    const timed = await openTiming(run, judged, lanes);
    const contention = await ContentionRun.open(run, lane);
    await runSets(run, timed, contention);
    const single = await timeSingleUpdates(run, lane, ableStrategies(own, judgedOn(own)));
    const finished = await finishCells(run, judged, timed);
    const cells = finished.filter((cell) => cell.group === own);
    const many = await contention?.finish(progress);
    const { strategies, suite, seed, processes, rounds, host } = own;
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
      code: codeOfAll(whole, [sweeps, ...counted]),
      sweeps: sweptPoints(run, sweeps.counted, cells),
      otherHosts: others.map((plan, index) =>
        otherHost(
          plan,
          finished.filter((cell) => cell.group === plan),
          (counted[index] as CountedSweeps).held,
        ),
      ),
      decomposition: cells
        .filter(({ of }) => of === 'decomposition')
        .map(({ prepared: { host: one }, cell }) => ({ iommus: one.iommus, cell })),
      contention: many?.contention ?? null,
      singleUpdates: single.singleUpdates,
      undone: [
        ...single.undone,
        ...finished.flatMap(({ undone }) => undone),
        ...[sweeps, ...counted].flatMap(({ undone }) => undone),
        ...(many?.undone ?? []),
      ],
    };
  });
}

/** The plan of the run's own host, then that of each other one: without sweeps and threads, beside the baseline. */
function benchPlansByHost(whole: BenchPlan): BenchPlan[] {
  const baseline = whole.strategies.find(({ strategy: { id } }) => id === BASELINE);
  return plansByHost(whole).map((plan, index) => {
    if (index === 0 || baseline === undefined) return plan;
    return {
      ...plan,
      strategies: [baseline, ...plan.strategies],
      points: [],
      sweeps: false,
      decomposition: null,
      singleUpdates: 0,
      threads: null,
    };
  });
}

/** Steps of a run's progress: of its own host's plan, and of those of others. */
function stepsOf(plans: readonly BenchPlan[], cells: readonly PreparedCell[]): number {
  // In a cell each strategy is judged, sized and run untimed; then come the sets.
  const cellSteps = cells.map(
    ({ plan: { strategies }, processes }) => 3 * strategies.length + setsOf(processes),
  );
  const planSteps = plans.map((plan) => plan.strategies.length + ContentionRun.stepsOf(plan));
  return sum([...cellSteps, ...planSteps, singleUpdateSteps(plans[0] as BenchPlan)]);
}

/**
 * The cells of other hosts: the run's workloads in which vCPUs are woken, or its first one. Load and put do not depend on
 * what a strategy needs another host for, its tag.
 *
 * @param own - The cells of the run's own host, its workloads first and in order.
 */
async function prepareOthers(
  { plan: { workloads }, directory }: BenchContext,
  others: readonly BenchPlan[],
  own: readonly PreparedCell[],
): Promise<PreparedCell[]> {
  const woken = workloads.filter((_, index) => (own[index]?.prepared.info.window.drainGaLog ?? 0) > 0);
  const cells: PreparedCell[] = [];
  for (const plan of others) {
    for (const workload of woken.length > 0 ? woken : workloads.slice(0, 1)) {
      cells.push(await prepareWorkload(plan, workload, directory));
    }
  }
  return cells;
}

/** The size of each strategy's code, in the order of the plan. */
function codeOfAll({ strategies }: BenchPlan, counted: readonly CountedSweeps[]): Results['code'] {
  const all = counted.flatMap(({ code }) => code);
  return strategies.flatMap(({ strategy: { id } }) => all.find((code) => code.strategy === id) ?? []);
}

function otherHost(
  { host, strategies }: BenchPlan,
  cells: readonly FinishedCell[],
  held: Results['held'],
): OtherHost {
  return {
    host,
    strategies: strategies.map(describeStrategy),
    workloads: cells.map(({ prepared: { info } }) => info),
    cells: cells.map(({ cell }) => cell),
    held,
  };
}

/** The processes of a cell whose C is paired with V8. */
const pairedProcesses = ({ processes }: BenchPlan): ProcessCounts => ({
  v8: processes,
  c: Math.ceil(processes / NATIVE_PROCESS_INTERVAL),
});

async function prepareWorkload(
  plan: BenchPlan,
  workload: BenchPlan['workloads'][number],
  directory: string,
): Promise<PreparedCell> {
  const prepared = await prepare(plan, workload, directory);
  return { of: 'workload', group: plan, plan, processes: pairedProcesses(plan), prepared };
}

/** Generates the streams of all cells of the run's own host. */
async function prepareCells({ plan, directory }: BenchContext): Promise<PreparedCell[]> {
  const { workloads, points, decomposition } = plan;
  const cells: PreparedCell[] = [];
  for (const workload of workloads) cells.push(await prepareWorkload(plan, workload, directory));
  for (const point of points) {
    const pointPlan = { ...plan, memory: 'journaled' as const };
    cells.push({
      of: point,
      group: plan,
      plan: pointPlan,
      processes: pairedProcesses(plan),
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
  { workload, parameters, host, processes }: Decomposition,
  iommus: number,
  directory: string,
): Promise<PreparedCell> {
  const own = {
    ...plan,
    strategies: plan.strategies.filter(({ strategy }) =>
      DECOMPOSITION.strategies.some((id) => id === strategy.id),
    ),
    memory: 'journaled' as const,
  };
  const named = {
    workload: { ...workload, id: `${workload.id}-iommus-${iommus}` },
    parameters,
    host: { ...host, iommus },
  };
  return {
    of: 'decomposition',
    group: plan,
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

/** The strategies whose checks all ran to the end. */
function ableStrategies({ strategies }: BenchPlan, cells: readonly JudgedCell[]): LoadedStrategy[] {
  const failed = cells.flatMap(({ checks }) => checks.filter((check) => !isCountable(check)));
  return strategies.filter(({ strategy: { id } }) => failed.every(({ strategy }) => strategy !== id));
}

/** Counts strategies at the points of the sweeps. */
function countPoints(
  { plan, directory, progress }: BenchContext,
  cells: readonly JudgedCell[],
): Promise<CountedSweeps> {
  const { host, seed, sweeps } = plan;
  return countSweeps({
    strategies: ableStrategies(plan, cells),
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
  { progress }: BenchContext,
  cells: readonly JudgedCell[],
  lanes: ReadonlyMap<BenchPlan, NativeLane>,
): Promise<TimedCell[]> {
  const timed: TimedCell[] = [];
  for (const { group, plan, prepared, processes: planned, checks } of cells) {
    const { programs } = lanes.get(group) as NativeLane;
    // Without C, V8 alone decides the number of sets.
    const processes = programs.size === 0 ? { ...planned, c: 0 } : planned;
    const whole = cellPlanOf(plan, prepared, {
      baseline: BASELINE,
      processes,
      rounds: group.rounds,
      programs,
    });
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
