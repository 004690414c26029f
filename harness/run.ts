// A whole run. Streams are generated; each strategy is judged, counted and timed on each; several threads work on one
// host; and all of that becomes Results.

import { sum } from 'simple-statistics';
import { countedParameters, hasRoom, SWEEP_POINTS, type SweepPoint } from '../workloads/sweep.js';
import { SWEEP_AXES } from '../workloads/sweep-axes.js';
import { type ContentionRun, contentionSeconds, openContention } from './contention/contention.js';
import { COUNTED_POINTS, type CountedSweeps, countSweeps } from './counting/sweeps.js';
import { captureEnvironment } from './environment.js';
import {
  BASELINE,
  CONFIDENCE,
  COUNTED_SWEEP_VCPUS,
  DECOMPOSITION,
  EQUIVALENCE_BAND,
  MIN_BATCH_MS,
} from './method.js';
import { type NativeLane, openLane } from './native/lane.js';
import { plansByHost } from './plan/hosts.js';
import { type Prepared, prepare } from './plan/prepare.js';
import type { BenchPlan, ChosenWorkload, Progress, RunContext, RunPlan } from './plan/run-plan.js';
import { judgingSeconds, STEP_SECONDS, timingSeconds, weighted } from './plan/step-costs.js';
import { describeStrategy, type LoadedStrategy } from './plan/strategy-module.js';
import { withScratch } from './process/scratch.js';
import { toolVersion } from './process/tool-version.js';
import { inTurn } from './process/workshop.js';
import { isCountable } from './results/comparison.js';
import { hostDifference } from './results/other-hosts.js';
import { type Check, RESULTS_VERSION, type Results } from './results/results.js';
import { singleUpdateSeconds, timeSingleUpdates } from './single-updates/single-updates.js';
import { cellPlanOf, openTimedCell, type TimedCell } from './timing/timed-cell.js';
import { dependingOnGaLogIntr, judgeWithGaLogIntrCached } from './verify/histories/cached-ga-log-intr.js';
import type { Judged } from './verify/judge-strategies.js';
import { judgeWorkload, type WorkloadJudgement } from './verify/judge-workload.js';

/** One workload's verdicts. */
export interface Verification extends Judged<Check> {
  readonly workload: Results['workloads'][number];
}

/** Judges every strategy on every workload. */
export async function verify(plan: RunPlan, progress: Progress): Promise<Verification[]> {
  return withScratch(async (directory) => {
    const plans = plansByHost(plan).filter(({ strategies }) => strategies.length > 0);
    const prepared = await inTurn(plan.workloads, (workload) =>
      inTurn(plans, async (own) => ({ plan: own, prepared: await prepare(own, workload, directory) })),
    );
    for (const other of plans.slice(plans[0]?.host === plan.host ? 1 : 0)) {
      const names = other.strategies.map(({ strategy: { id } }) => id).join(', ');
      progress.note(`judged on a host with ${hostDifference(other, plan)}: ${names}`);
    }
    progress.start(plan.strategies.length * plan.workloads.length);
    return inTurn(prepared, async (onHosts) => {
      const judged = await inTurn(onHosts, (one) => judgeWorkload(one.plan, one.prepared, false, progress));
      const checks = plan.strategies.flatMap(({ strategy: { id } }) =>
        judged.flatMap((one) => one.checks.filter((check) => check.strategy === id)),
      );
      const workload = (onHosts[0] as (typeof onHosts)[number]).prepared.info;
      return { workload, checks, undone: judged.flatMap(({ undone }) => undone) };
    });
  });
}

type BenchContext = RunContext<BenchPlan>;

/** A workload, a point of a sweep, or a host of the decomposition. */
interface PlannedCell {
  readonly of: 'workload' | 'decomposition' | SweepPoint;
  /** The plan of the host, or of another host, that it belongs to. */
  readonly group: BenchPlan;
  /** Its strategies, host and memory. */
  readonly plan: RunPlan;
  readonly chosen: ChosenWorkload;
}

/** A cell with its stream. */
type PreparedCell = PlannedCell & { readonly prepared: Prepared };

type JudgedCell = PreparedCell & WorkloadJudgement;

/** A cell that is part of the results. */
type FinishedCell = Awaited<ReturnType<typeof finishCells>>[number];

/** Judges, counts and times every strategy on every workload. */
export async function bench(whole: BenchPlan, progress: Progress): Promise<Results> {
  const startedAt = new Date();
  const start = performance.now();
  const machine = { environment: await captureEnvironment(), tool: await toolVersion() };
  return withScratch(async (directory) => {
    const [own, ...others] = benchPlansByHost(whole) as [BenchPlan, ...BenchPlan[]];
    const run: BenchContext = { plan: own, directory, progress };
    const lanes = new Map<BenchPlan, NativeLane>();
    for (const plan of [own, ...others]) {
      lanes.set(plan, await openLane(plan.strategies, plan.host.pointerBytes));
    }
    const lane = lanes.get(own) as NativeLane;
    const ofOwn = await prepareCells(ownCells(own), directory);
    const prepared = [...ofOwn, ...(await prepareCells(cellsOfOthers(own, others, ofOwn), directory))];
    progress.start(
      sum([...lanes].map(([plan, compiled]) => secondsOf(plan, compiled, cellsOn(plan, prepared)))),
    );
    const judged = await judgeCells(prepared, progress);
    const cached = await judgeWithGaLogIntrCached(own, progress);
    const sweeps = await countPoints(run, cellsOn(own, judged));
    const counted = await inTurn(others, (plan) => countPoints({ ...run, plan }, cellsOn(plan, judged)));
    const timed = await openTiming(judged, lanes, progress);
    const contention = await openContention(run, lane);
    await runSets(timed, contention);
    const single = await timeSingleUpdates(run, lane, ableStrategies(own, cellsOn(own, judged)));
    const finished = await finishCells(judged, timed);
    const cells = cellsOn(own, finished);
    const many = await contention?.finish();
    const { suite, seed, processes, rounds } = own;
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
        processes: lane.programs.size === 0 ? processes.alone : processes.c,
        rounds,
        noNative: lane.reason,
        batchMs: MIN_BATCH_MS,
        baseline: BASELINE,
        band: EQUIVALENCE_BAND,
        confidence: CONFIDENCE,
      },
      ...resultsOnHost(own, workloads, sweeps),
      code: codeOfAll(whole, [sweeps, ...counted]),
      sweeps: sweptPoints(own, sweeps.counted, cells),
      otherHosts: others.map((plan, index) =>
        resultsOnHost(plan, cellsOn(plan, finished), counted[index] as CountedSweeps),
      ),
      decomposition: cells
        .filter(({ of }) => of === 'decomposition')
        .map(({ prepared: { host: one }, cell }) => ({ iommus: one.iommus, cell })),
      cachedGaLogIntr: cached.cachedGaLogIntr,
      contention: many?.contention ?? null,
      singleUpdates: single.singleUpdates,
      undone: [single, cached, ...finished, sweeps, ...counted, many ?? []]
        .flat()
        .flatMap(({ undone }) => undone),
    };
  });
}

/** The cells of one of a run's plans. */
function cellsOn<C extends PreparedCell>(plan: BenchPlan, cells: readonly C[]): C[] {
  return cells.filter(({ group }) => group === plan);
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
      cachedHistories: 0,
      decomposition: null,
      singleUpdates: 0,
      threads: null,
    };
  });
}

/** The expected seconds of a plan; see step-costs. */
function secondsOf(plan: BenchPlan, lane: NativeLane, cells: readonly PreparedCell[]): number {
  const { sizing, reference, cachedHistories } = STEP_SECONDS;
  const ofCells = cells.map(({ plan: { strategies }, prepared: { info, stream } }) => {
    const processes = processesOf(plan, lane, info.id);
    const ofStrategy = judgingSeconds(stream) + sizing + timingSeconds(processes, plan.rounds) + reference;
    return strategies.length * ofStrategy;
  });
  return sum([
    ...ofCells,
    dependingOnGaLogIntr(plan).length * cachedHistories,
    plan.strategies.length * countingSeconds(plan),
    contentionSeconds(plan),
    singleUpdateSeconds(plan),
  ]);
}

/** The expected seconds in which a strategy is counted at the points of the sweeps. */
function countingSeconds(plan: BenchPlan): number {
  return (1 + pointsToCount(plan).length) * STEP_SECONDS.countedPoint;
}

/** The points of the sweeps that a run counts. */
function pointsToCount({ sweeps, host }: BenchPlan): SweepPoint[] {
  return sweeps ? COUNTED_POINTS.filter((point) => hasRoom(point, host)) : [];
}

/**
 * The cells of other hosts: the run's workloads in which vCPUs are woken, or its first one. Load and put do not depend on
 * what a strategy needs another host for, its tag.
 *
 * @param own - The cells of the run's own host, its workloads first and in order.
 */
function cellsOfOthers({ workloads }: BenchPlan, others: readonly BenchPlan[], own: readonly PreparedCell[]) {
  const woken = workloads.filter((_, index) => (own[index]?.prepared.info.window.drainGaLog ?? 0) > 0);
  const chosen = woken.length > 0 ? woken : workloads.slice(0, 1);
  return others.flatMap((plan) => chosen.map((workload) => workloadCell(plan, workload)));
}

/** The size of each strategy's code, in the order of the plan. */
function codeOfAll({ strategies }: BenchPlan, counted: readonly CountedSweeps[]): Results['code'] {
  const all = counted.flatMap(({ code }) => code);
  return strategies.flatMap(({ strategy: { id } }) => all.find((code) => code.strategy === id) ?? []);
}

/** The results on a host, the run's own or another one. @param cells - Of its workloads. */
function resultsOnHost(
  { host, strategies }: BenchPlan,
  cells: readonly FinishedCell[],
  { held }: CountedSweeps,
): Results['otherHosts'][number] {
  return {
    host,
    strategies: strategies.map(describeStrategy),
    workloads: cells.map(({ prepared: { info } }) => info),
    cells: cells.map(({ cell }) => cell),
    held,
  };
}

/**
 * The processes of a cell. Without C, V8 is alone. With it, V8 takes part where the suite says so, and everywhere if a
 * strategy is not written in C.
 */
function processesOf(
  { processes: { c, v8, alone }, crossChecked, strategies }: BenchPlan,
  { programs }: NativeLane,
  where: string,
) {
  if (programs.size === 0) return { c: 0, v8: alone };
  const isCrossChecked = crossChecked === null || crossChecked.includes(where);
  return { c, v8: isCrossChecked || programs.size < strategies.length ? v8 : 0 };
}

/**
 * The cell of a workload. The first one of a run is judged in checked memory, which takes twice as long, and a user's module is
 * so on every workload. `verify` judges all strategies so.
 */
function workloadCell(group: BenchPlan, chosen: ChosenWorkload): PlannedCell {
  const isChecked = chosen === group.workloads[0] || group.strategies.some(({ file }) => file !== null);
  return { of: 'workload', group, plan: { ...group, memory: isChecked ? 'checked' : 'journaled' }, chosen };
}

/** The cells of the run's own host. */
function ownCells(group: BenchPlan): PlannedCell[] {
  const { workloads, points, decomposition } = group;
  const plan = { ...group, memory: 'journaled' as const };
  return [
    ...workloads.map((workload) => workloadCell(group, workload)),
    ...points.map((point) => ({ of: point, group, plan, chosen: point })),
    ...(decomposition === null ? [] : decomposedCells(group, decomposition)),
  ];
}

/** A cell on each host of the decomposition. */
function decomposedCells(group: BenchPlan, { workload, parameters, host }: ChosenWorkload): PlannedCell[] {
  const strategies = group.strategies.filter(({ strategy }) =>
    DECOMPOSITION.strategies.some((id) => id === strategy.id),
  );
  return DECOMPOSITION.iommus.map((iommus) => ({
    of: 'decomposition',
    group,
    plan: { ...group, strategies, memory: 'journaled' },
    chosen: {
      workload: { ...workload, id: `${workload.id}-iommus-${iommus}` },
      parameters,
      host: { ...host, iommus },
    },
  }));
}

/** Generates the streams of cells. */
function prepareCells(cells: readonly PlannedCell[], directory: string): Promise<PreparedCell[]> {
  return inTurn(cells, async (cell) => ({
    ...cell,
    prepared: await prepare(cell.plan, cell.chosen, directory),
  }));
}

/** Judges all strategies on all cells, and counts their work on hosts that are not too large. */
function judgeCells(prepared: readonly PreparedCell[], progress: Progress): Promise<JudgedCell[]> {
  return inTurn(prepared, async (cell) => {
    const counts = typeof cell.of === 'string' || cell.prepared.info.vcpus <= COUNTED_SWEEP_VCPUS;
    const ofStrategy = weighted(progress, judgingSeconds(cell.prepared.stream));
    return { ...cell, ...(await judgeWorkload(cell.plan, cell.prepared, counts, ofStrategy)) };
  });
}

/** The strategies whose checks all ran to the end. */
function ableStrategies({ strategies }: BenchPlan, cells: readonly JudgedCell[]): LoadedStrategy[] {
  const failed = cells.flatMap(({ checks }) => checks.filter((check) => !isCountable(check)));
  return strategies.filter(({ strategy: { id } }) => failed.every(({ strategy }) => strategy !== id));
}

/** Counts strategies at the points of the sweeps. */
function countPoints({ plan, directory, progress }: BenchContext, cells: readonly JudgedCell[]) {
  const able = { ...plan, strategies: ableStrategies(plan, cells) };
  const ofStrategy = weighted(progress, countingSeconds(plan));
  return countSweeps({ plan: able, directory, progress: ofStrategy }, pointsToCount(plan));
}

/** Sizes the batches of all cells. A strategy whose check did not end is not timed, since a window would not end. */
function openTiming(
  cells: readonly JudgedCell[],
  lanes: ReadonlyMap<BenchPlan, NativeLane>,
  progress: Progress,
): Promise<TimedCell[]> {
  return inTurn(cells, ({ group, plan, prepared, checks }) => {
    const lane = lanes.get(group) as NativeLane;
    const whole = cellPlanOf(plan, prepared, {
      baseline: BASELINE,
      processes: processesOf(group, lane, prepared.info.id),
      rounds: group.rounds,
      programs: lane.programs,
    });
    const strategies = whole.strategies.filter(({ id }) =>
      checks.some((check) => check.strategy === id && isCountable(check)),
    );
    return openTimedCell({ ...whole, strategies }, progress);
  });
}

/**
 * Runs the sets of processes: the first of each cell, the second of each, and so on, so that a slow minute of the machine
 * does not affect one cell alone.
 */
async function runSets(cells: readonly TimedCell[], contention: ContentionRun | null) {
  const sets = Math.max(contention?.sets ?? 0, ...cells.map(({ sets: own }) => own));
  for (let processNumber = 0; processNumber < sets; processNumber++) {
    for (const cell of cells) await cell.runSet(processNumber);
    await contention?.runSet(processNumber);
  }
}

/** Checks the digests of all cells. @param timed - In the order of the cells. */
function finishCells(cells: readonly JudgedCell[], timed: readonly TimedCell[]) {
  return inTurn(cells, async ({ checks, counted, undone, ...known }, index) => {
    const { timing, undone: untimed } = await (timed[index] as TimedCell).finish();
    const cell = { workload: known.prepared.info.id, checks: [...checks], counted: [...counted], timing };
    return { ...known, cell, undone: [...undone, ...untimed] };
  });
}

/** The points of the sweeps that were counted or timed. */
function sweptPoints({ host }: BenchPlan, counted: CountedSweeps['counted'], cells: readonly FinishedCell[]) {
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
