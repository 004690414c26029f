// A whole run: streams are generated, each strategy is judged on each, and then timed. Its outcome is Results.
import { countedParameters, hasRoom, SWEEP_POINTS, type SweepPoint } from '../workloads/sweep.js';
import { SWEEP_AXES } from '../workloads/sweep-axes.js';
import { ContentionRun } from './contention/contention.js';
import { COUNTED_POINTS, type CountedSweeps, countSweeps } from './counting/sweeps.js';
import { captureEnvironment } from './environment.js';
import { BASELINE, CONFIDENCE, COUNTED_SWEEP_VCPUS, EQUIVALENCE_BAND, MIN_BATCH_MS } from './method.js';
import { type NativeLane, openLane, refusal } from './native/lane.js';
import { type Prepared, prepare } from './plan/prepare.js';
import type { BenchPlan, Progress, RunPlan } from './plan/run-plan.js';
import { describeStrategy } from './plan/strategy-module.js';
import { withScratch } from './process/scratch.js';
import { toolVersion } from './process/tool-version.js';
import { isCountable } from './results/comparison.js';
import {
  type Cell,
  type Check,
  RESULTS_VERSION,
  type Results,
  type Timing,
  type Undone,
  type WorkloadInfo,
} from './results/results.js';
import { type CellPlan, type EndedSeries, prepareCell, runSet, undoneOf } from './timing/cell-runner.js';
import { judgedSeries, runReferences } from './timing/references.js';
import type { Judged } from './verify/judge-strategies.js';
import { judgeWorkload, type WorkloadJudgement } from './verify/judge-workload.js';

/** One workload's verdicts. */
export interface Verification extends Judged<Check> {
  readonly workload: WorkloadInfo;
}

/**
 * How the strategies of a plan are timed on one of its workloads.
 *
 * @param programs - Of the designs in C that take part.
 */
export function cellPlanOf(
  { strategies, seed }: RunPlan,
  { info, stream, streamFile, jobFiles }: Prepared,
  baseline: string,
  rounds: number,
  programs: NativeLane['programs'] = new Map(),
): CellPlan {
  return {
    where: info.id,
    strategies: strategies.map(({ strategy: { id } }, index) => ({
      id,
      jobFile: jobFiles[index] as string,
      program: programs.get(id) ?? null,
    })),
    stream: streamFile,
    baseline,
    rounds,
    operationsPerWindow: stream.windowOperations,
    seed,
  };
}

async function prepareAll(plan: RunPlan, directory: string): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const chosen of plan.workloads) prepared.push(await prepare(plan, chosen, directory));
  return prepared;
}

/** Judges every strategy on every workload. */
export async function verify(plan: RunPlan, progress: Progress): Promise<Verification[]> {
  return withScratch(async (directory) => {
    const prepared = await prepareAll(plan, directory);
    progress.start(plan.strategies.length * plan.workloads.length);
    const verifications: Verification[] = [];
    for (const workload of prepared) {
      const { checks, undone } = await judgeWorkload(plan, workload, false, progress);
      verifications.push({ workload: workload.info, checks, undone });
    }
    return verifications;
  });
}

/** A cell while it is being filled. */
interface OpenCell extends WorkloadJudgement {
  /** The host of a sweep that it is of; null for a workload. */
  readonly point: SweepPoint | null;
  readonly prepared: Prepared;
  plan: CellPlan | null;
  /** Without references and series until all processes have been run. */
  timing: Timing;
  /** Of the sets that have been run. */
  ended: readonly EndedSeries[];
}

const UNTIMED: Timing = {
  processes: 0,
  windowsPerBatch: 0,
  warmUpWindows: 0,
  references: [],
  series: [],
  noNative: null,
};

/**
 * Judges and times every strategy on every workload. The sets of processes of all cells are interleaved, so that a slow
 * minute of the machine does not affect one cell alone.
 */
export async function bench(plan: BenchPlan, progress: Progress): Promise<Results> {
  const startedAt = new Date();
  const start = performance.now();
  const environment = captureEnvironment();
  const tool = toolVersion();
  const { strategies, workloads, suite, seed, processes, rounds } = plan;
  return withScratch(async (directory) => {
    const generated = await prepareAll(plan, directory);
    // Judging, calibrating and the untimed run of each strategy.
    const steps = 3 * strategies.length + processes;
    const cellSteps = (workloads.length + plan.points.length) * steps;
    progress.start(cellSteps + strategies.length + ContentionRun.stepsOf(plan));
    const cells: OpenCell[] = [];
    for (const prepared of generated) {
      cells.push({ point: null, ...(await openCell(plan, prepared, true, progress)) });
    }
    for (const point of plan.points) {
      const pointPlan = { ...plan, host: { ...plan.host, ...point.host }, memory: 'journaled' as const };
      const prepared = await prepare(pointPlan, point, directory);
      const counts = prepared.info.vcpus <= COUNTED_SWEEP_VCPUS;
      cells.push({ point, ...(await openCell(pointPlan, prepared, counts, progress)) });
    }
    const sweeps: CountedSweeps = await countPoints(plan, cells, directory, progress);
    const lane = openLane(strategies, plan.host.pointerBytes);
    for (const cell of cells) await prepareTiming(plan, cell, lane, progress);
    const contention = await ContentionRun.open(plan, directory, lane, progress);
    await runAllSets(processes, cells, contention, progress);
    for (const cell of cells) await runUntimed(cell, progress);
    const many = await contention?.finish(progress);
    return {
      schema: 'gatag-bench results',
      version: RESULTS_VERSION,
      tool,
      run: {
        startedAt: startedAt.toISOString(),
        seconds: (performance.now() - start) / 1000,
        suite,
        seed,
        processes,
        rounds,
        batchMs: MIN_BATCH_MS,
        baseline: BASELINE,
        band: EQUIVALENCE_BAND,
        confidence: CONFIDENCE,
      },
      environment,
      host: plan.host,
      strategies: strategies.map(describeStrategy),
      workloads: generated.map(({ info }) => info),
      cells: cells.filter(({ point }) => point === null).map(closed),
      held: sweeps.held,
      code: sweeps.code,
      sweeps: sweptPoints(sweeps.counted, cells, plan),
      contention: many?.contention ?? null,
      undone: [...cells.flatMap(undoneIn), ...sweeps.undone, ...(many?.undone ?? [])],
    };
  });
}

/** A cell as far as it is known without a clock. */
async function openCell(
  plan: BenchPlan,
  prepared: Prepared,
  counts: boolean,
  progress: Progress,
): Promise<Omit<OpenCell, 'point'>> {
  const judged = await judgeWorkload(plan, prepared, counts, progress);
  return { prepared, ...judged, plan: null, timing: UNTIMED, ended: [] };
}

/** What the machine did not let be done in a cell. */
function undoneIn({ prepared: { info }, undone, ended, timing }: OpenCell): Undone[] {
  const references = timing.references.flatMap(({ strategy, error }) =>
    error === null ? [] : [{ strategy, where: info.id, what: 'timed' as const, reason: error }],
  );
  return [...undone, ...undoneOf(ended, info.id, 'timed'), ...references];
}

function closed({ prepared: { info }, checks, counted, timing }: OpenCell): Cell {
  return { workload: info.id, checks: [...checks], counted: [...counted], timing };
}

/** The hosts of sweeps that were counted or timed. */
function sweptPoints(
  counted: CountedSweeps['counted'],
  cells: readonly OpenCell[],
  { host }: BenchPlan,
): Results['sweeps'] {
  return SWEEP_POINTS.flatMap((point) => {
    const known = counted.get(point);
    const cell = cells.find((candidate) => candidate.point === point);
    if (known === undefined && cell === undefined) return [];
    return [
      {
        axis: point.axis,
        along: SWEEP_AXES[point.axis],
        value: point.value,
        host: { ...host, ...point.host },
        parameters: { ...(known === undefined ? point.parameters : countedParameters(point)) },
        counted: known ?? [],
        cell: cell === undefined ? null : closed(cell),
      },
    ];
  });
}

/** Counts strategies at the points of the sweeps, if their checks all ran to the end. */
function countPoints(
  { strategies, host, seed, sweeps }: BenchPlan,
  cells: readonly OpenCell[],
  directory: string,
  progress: Progress,
): Promise<CountedSweeps> {
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

async function prepareTiming(
  plan: BenchPlan,
  cell: OpenCell,
  lane: NativeLane,
  progress: Progress,
): Promise<void> {
  const { stream } = cell.prepared;
  const noNative = refusal(lane, stream);
  const programs = noNative === null ? lane.programs : new Map<string, string>();
  const whole = cellPlanOf(plan, cell.prepared, BASELINE, plan.rounds, programs);
  // Who does not come to the end of its check does not come to the end of a window.
  const strategies = whole.strategies.filter(({ id }) =>
    cell.checks.some((check) => check.strategy === id && isCountable(check)),
  );
  cell.plan = { ...whole, strategies };
  const protocol = await prepareCell(cell.plan, progress);
  cell.timing = { ...UNTIMED, ...protocol, noNative };
}

/** Runs the sets of processes of all cells: the first of each cell, the second of each, and so on. */
async function runAllSets(
  processes: number,
  cells: readonly OpenCell[],
  contention: ContentionRun | null,
  progress: Progress,
): Promise<void> {
  for (let processNumber = 0; processNumber < processes; processNumber++) {
    for (const cell of cells) {
      if (cell.plan === null) continue;
      const ended = await runSet(cell.plan, cell.timing, processNumber, progress.note);
      cell.ended = [...cell.ended, ...ended];
      cell.timing = { ...cell.timing, processes: processNumber + 1 };
      progress.advance(`timing ${cell.prepared.info.id}, process ${processNumber + 1} of ${processes}`);
    }
    await contention?.runSet(processNumber, progress);
  }
}

/** Makes the untimed runs of a cell, and holds what was timed against them. */
async function runUntimed(cell: OpenCell, progress: Progress): Promise<void> {
  const { plan, ended } = cell;
  if (plan === null || ended.length === 0) return;
  const references = await runReferences(plan, ended, progress);
  cell.timing = { ...cell.timing, references, series: judgedSeries(ended, references) };
}
