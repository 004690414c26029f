// A whole run. Streams are generated; each strategy is judged, counted and timed on each; several threads work on one
// host; and all of that becomes Results.
import { countedParameters, hasRoom, SWEEP_POINTS, type SweepPoint } from '../workloads/sweep.js';
import { SWEEP_AXES } from '../workloads/sweep-axes.js';
import { ContentionRun } from './contention/contention.js';
import { COUNTED_POINTS, type CountedSweeps, countSweeps } from './counting/sweeps.js';
import { captureEnvironment } from './environment.js';
import { BASELINE, CONFIDENCE, COUNTED_SWEEP_VCPUS, EQUIVALENCE_BAND, MIN_BATCH_MS } from './method.js';
import { type NativeLane, openLane } from './native/lane.js';
import { plansByHost } from './plan/hosts.js';
import { type Prepared, prepare } from './plan/prepare.js';
import type { BenchPlan, Progress, RunContext, RunPlan } from './plan/run-plan.js';
import { describeStrategy } from './plan/strategy-module.js';
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

/** A workload, or a point of a sweep, with its stream. */
interface PreparedCell {
  /** The host with its strategies. */
  readonly plan: BenchPlan;
  /** Null for a workload. */
  readonly point: SweepPoint | null;
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
    const prepared = [...(await prepareCells(run)), ...(await prepareOthers(run, others))];
    const othersSteps = prepared.filter((cell) => cell.plan !== own).map((cell) => stepsOfCell(cell.plan));
    progress.start(othersSteps.reduce((sum, steps) => sum + steps, stepsOf(own) + strategiesOf(others)));
    const judged = await judgeCells(run, prepared);
    const judgedOn = (plan: BenchPlan) => judged.filter((cell) => cell.plan === plan);
    const sweeps = await countPoints(run, judgedOn(own));
    const counted: CountedSweeps[] = [];
    for (const plan of others) counted.push(await countPoints({ ...run, plan }, judgedOn(plan)));
    const lane = openLane(own.strategies, own.host.pointerBytes);
    const lanes = new Map([[own, lane]]);
    for (const plan of others) lanes.set(plan, openLane(plan.strategies, plan.host.pointerBytes));
    const timed = await openTiming(run, judged, lanes);
    const contention = await ContentionRun.open(run, lane);
    await runSets(run, timed, contention);
    const finished = await finishCells(run, judged, timed);
    const cells = finished.filter((cell) => cell.plan === own);
    const many = await contention?.finish(progress);
    const { strategies, suite, seed, processes, rounds, host } = own;
    const workloads = cells.filter(({ point }) => point === null);
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
          finished.filter((cell) => cell.plan === plan),
          (counted[index] as CountedSweeps).held,
        ),
      ),
      contention: many?.contention ?? null,
      undone: [
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
    return { ...plan, strategies: [baseline, ...plan.strategies], points: [], sweeps: false, threads: null };
  });
}

/** Steps of a run's progress on its own host. */
function stepsOf(plan: BenchPlan): number {
  const { strategies, workloads, points } = plan;
  return (
    (workloads.length + points.length) * stepsOfCell(plan) + strategies.length + ContentionRun.stepsOf(plan)
  );
}

/** In a cell each strategy is judged, sized and run untimed; then come the sets. */
function stepsOfCell({ strategies, processes }: BenchPlan): number {
  return 3 * strategies.length + processes;
}

function strategiesOf(plans: readonly BenchPlan[]): number {
  return plans.reduce((sum, { strategies }) => sum + strategies.length, 0);
}

/**
 * The cells of other hosts: the run's workloads in which vCPUs are woken, or its first one. Load and put do not depend on
 * what a strategy needs another host for, its tag.
 */
async function prepareOthers(
  { directory }: BenchContext,
  others: readonly BenchPlan[],
): Promise<PreparedCell[]> {
  const cells: PreparedCell[] = [];
  for (const plan of others) {
    const all: PreparedCell[] = [];
    for (const workload of plan.workloads) {
      all.push({ plan, point: null, prepared: await prepare(plan, workload, directory) });
    }
    const woken = all.filter(({ prepared: { info } }) => (info.window.drainGaLog ?? 0) > 0);
    cells.push(...(woken.length > 0 ? woken : all.slice(0, 1)));
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

/** Generates the streams of all workloads and points. */
async function prepareCells({ plan, directory }: BenchContext): Promise<PreparedCell[]> {
  const cells: PreparedCell[] = [];
  for (const workload of plan.workloads) {
    cells.push({ plan, point: null, prepared: await prepare(plan, workload, directory) });
  }
  for (const point of plan.points) {
    const pointPlan = { ...plan, memory: 'journaled' as const };
    cells.push({ plan, point, prepared: await prepare(pointPlan, point, directory) });
  }
  return cells;
}

/** Judges all strategies on all cells, and counts their work on hosts that are not too large. */
async function judgeCells(
  { progress }: BenchContext,
  prepared: readonly PreparedCell[],
): Promise<JudgedCell[]> {
  const cells: JudgedCell[] = [];
  for (const cell of prepared) {
    const counts = cell.point === null || cell.prepared.info.vcpus <= COUNTED_SWEEP_VCPUS;
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
  { progress }: BenchContext,
  cells: readonly JudgedCell[],
  lanes: ReadonlyMap<BenchPlan, NativeLane>,
): Promise<TimedCell[]> {
  const timed: TimedCell[] = [];
  for (const { plan, prepared, checks } of cells) {
    const { programs } = lanes.get(plan) as NativeLane;
    const whole = cellPlanOf(plan, prepared, { baseline: BASELINE, rounds: plan.rounds, programs });
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
  for (let processNumber = 0; processNumber < plan.processes; processNumber++) {
    for (const cell of cells) await cell.runSet(processNumber, progress);
    await contention?.runSet(processNumber, progress);
  }
}

/** Checks the digests of all cells. @param timed - In the order of the cells. */
async function finishCells(
  { progress }: BenchContext,
  cells: readonly JudgedCell[],
  timed: readonly TimedCell[],
): Promise<FinishedCell[]> {
  const finished: FinishedCell[] = [];
  for (const [index, { plan, point, prepared, checks, counted, undone }] of cells.entries()) {
    const { timing, undone: untimed } = await (timed[index] as TimedCell).finish(progress);
    const cell = { workload: prepared.info.id, checks: [...checks], counted: [...counted], timing };
    finished.push({ plan, point, prepared, cell, undone: [...undone, ...untimed] });
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
    const timed = cells.find((candidate) => candidate.point === point);
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
