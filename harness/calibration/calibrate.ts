// The harness measured on itself: how often it sees a difference where there is none, how often it finds one that was
// put there, what other harnesses say of the same work, and what its own machinery adds to a time.
import { median } from 'simple-statistics';
import { HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../strategies/index.js';
import { manyQueues } from '../../workloads/many-queues.js';
import { pinned } from '../../workloads/pinned.js';
import type { OperationStream } from '../../workloads/stream/stream.js';
import { CountingMemory } from '../counting/counting-memory.js';
import { captureEnvironment } from '../environment.js';
import { CONFIDENCE, EQUIVALENCE_BAND } from '../method.js';
import { type Prepared, prepare } from '../plan/prepare.js';
import type { ChosenWorkload, Progress, RunPlan } from '../plan/run-plan.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { Child } from '../process/child.js';
import { importStrategy } from '../process/child-main.js';
import { withScratch } from '../process/scratch.js';
import { toolVersion } from '../process/tool-version.js';
import { createReplay, plainHost } from '../replay/replay.js';
import {
  type Calibration,
  INJECTED,
  leftOutText,
  type Overhead,
  TOOLS,
  TOOLS_PERCENT,
  type Tool,
  type ToolComparisons,
  type Trial,
} from '../results/calibration.js';
import type { Series } from '../results/results.js';
import {
  type Comparison,
  compareFamily,
  meanOf,
  pairedLogRatio,
  ratioInterval,
} from '../results/statistics.js';
import { cellPlanOf } from '../run.js';
import {
  type CellPlan,
  type CellProtocol,
  type EndedSeries,
  prepareCell,
  runSet,
} from '../timing/cell-runner.js';
import { judgedSeries, runReferences } from '../timing/references.js';
import type { LoopReply } from './loop-child.js';
import { ENTRIES_PER_VCPU } from './slowed.js';
import type { ToolFigure } from './tools-child.js';

/** What is run. */
export interface CalibrationPlan {
  readonly trials: number;
  readonly seed: number;
  /** Processes for each strategy in a trial, and rounds in each. */
  readonly processes: number;
  readonly rounds: number;
  /** Processes for each strategy that is held against the hand-written loop. */
  readonly overheadProcesses: number;
}

/** Seeds of a run's processes follow each other; those of two trials must not meet. */
const SEEDS_PER_TRIAL = 1000;

const HOST: HostParameters = HOST_PRESETS['v6.8'];

/** Small windows, so that a trial is short: the same loads and puts as many-queues, with a round number of entries. */
const TRIAL_WORKLOAD: ChosenWorkload = {
  workload: manyQueues,
  parameters: manyQueues.schema.parse({ vms: 4, cpus: 12, irqsPerVcpu: ENTRIES_PER_VCPU, operations: 1024 }),
};

/** Two entries on each vCPU: operations of tens of ns, on which any overhead shows. */
const OVERHEAD_WORKLOAD: ChosenWorkload = {
  workload: pinned,
  parameters: pinned.schema.parse({}),
};

const slowedUrl = (percent: number): string =>
  new URL(`./slowed.js?percent=${percent}`, import.meta.url).href;

function isInstalled(tool: Tool): boolean {
  try {
    import.meta.resolve(tool);
    return true;
  } catch {
    return false;
  }
}

/** Calibrates the harness. */
export async function calibrate(plan: CalibrationPlan, progress: Progress): Promise<Calibration> {
  const startedAt = new Date();
  const start = performance.now();
  const environment = captureEnvironment();
  const { trials, seed, processes, rounds, overheadProcesses } = plan;
  const tools = TOOLS.filter(isInstalled);
  for (const tool of TOOLS) if (!tools.includes(tool)) progress.note(leftOutText(tool));
  return withScratch(async (directory) => {
    progress.start(trials + overheadProcesses);
    const cell = await prepareStrategies(INJECTED.map(slowedUrl), TRIAL_WORKLOAD, plan, directory);
    const { id, parameters } = cell.prepared.info;
    const injected = await countInjected(cell.prepared.stream);
    const ended: EndedTrial[] = [];
    for (let number = 0; number < trials; number++) {
      ended.push(await runTrial(cell, seed + number * SEEDS_PER_TRIAL, processes, tools));
      progress.advance(`trial ${number + 1} of ${trials}`);
    }
    const series = await judged(
      ended.map((trial) => trial.series),
      cell,
    );
    const overheads = await measureOverheads(plan, directory, progress);
    return {
      schema: 'gatag-bench calibration',
      startedAt: startedAt.toISOString(),
      seconds: (performance.now() - start) / 1000,
      tool: toolVersion(),
      environment,
      processes,
      rounds,
      workload: { id, parameters },
      family: BUILT_IN.length - 1,
      injected,
      tools,
      trials: ended.map((trial, index) => ({ ...trial, series: series[index] as Series[] })),
      overheadProcesses,
      overheads,
    };
  });
}

/** A cell that is run again and again. */
interface TrialCell {
  readonly prepared: Prepared;
  readonly plan: CellPlan;
  readonly protocol: CellProtocol;
}

/** @param urls - Of the strategies, the baseline first. */
async function prepareStrategies(
  urls: readonly string[],
  chosen: ChosenWorkload,
  { seed, rounds }: CalibrationPlan,
  directory: string,
): Promise<TrialCell> {
  const strategies = await Promise.all(
    urls.map(
      async (url): Promise<LoadedStrategy> => ({
        strategy: await importStrategy(url),
        url,
        file: null,
        failure: null,
      }),
    ),
  );
  const [{ strategy: baseline }] = strategies as [LoadedStrategy];
  const runPlan: RunPlan = { strategies, workloads: [chosen], host: HOST, seed, memory: 'checked' };
  const prepared = await prepare(runPlan, chosen, directory);
  const plan = cellPlanOf(runPlan, prepared, baseline.id, rounds);
  return {
    prepared,
    plan,
    protocol: await prepareCell(
      plan,
      () => {},
      () => {},
    ),
  };
}

/** Counts what was put in, by the accesses of one replay of the window. */
async function countInjected(stream: OperationStream): Promise<Calibration['injected']> {
  const counts: { percent: number; accesses: number }[] = [];
  for (const percent of INJECTED) {
    const memory = new CountingMemory();
    const replay = createReplay(stream, await importStrategy(slowedUrl(percent)), plainHost(memory, HOST));
    replay.setUp();
    memory.begin();
    replay.runWindow();
    const { loads, stores } = memory.end();
    counts.push({ percent, accesses: loads + stores });
  }
  const base = (counts[0] as { accesses: number }).accesses;
  return counts.map((count) => ({ ...count, counted: 100 * (count.accesses / base - 1) }));
}

/** Runs a set of processes. @throws Error if a process failed: a calibration has no gaps. */
async function runWhole(
  plan: CellPlan,
  protocol: CellProtocol,
  processNumber: number,
): Promise<readonly EndedSeries[]> {
  const series = await runSet(plan, protocol, processNumber, () => {});
  for (const { strategy, error } of series) {
    if (error !== null) throw new Error(`a process of ${strategy} failed: ${error}`);
  }
  return series;
}

/**
 * Holds runs of a cell, of some processes each, against untimed processes: for all at once, as most timed ones make equally
 * many replays.
 *
 * @throws Error if one does not end as it must.
 */
async function judged(runs: readonly (readonly EndedSeries[])[], { plan }: TrialCell): Promise<Series[][]> {
  const references = await runReferences(
    plan,
    runs.flat(),
    () => {},
    () => {},
  );
  for (const { strategy, error } of references) {
    if (error !== null) throw new Error(`the untimed run of ${strategy} failed: ${error}`);
  }
  const all = runs.map((series) => judgedSeries(series, references));
  for (const { strategy, digestMatches } of all.flat()) {
    if (!digestMatches) throw new Error(`a process of ${strategy} ended with other IRTEs`);
  }
  return all;
}

/** The samples of a strategy or of the twin, by process. */
function samplesOf(
  series: readonly EndedSeries[] | readonly Series[],
  strategy: string,
  role: Series['role'],
): (readonly number[])[] {
  return series.filter((one) => one.strategy === strategy && one.role === role).map(({ samples }) => samples);
}

/** A trial before its processes are held against untimed runs. */
interface EndedTrial extends Omit<Trial, 'series'> {
  readonly series: readonly EndedSeries[];
}

async function runTrial(
  { plan, protocol }: TrialCell,
  seed: number,
  processes: number,
  tools: readonly Tool[],
): Promise<EndedTrial> {
  const start = performance.now();
  const trialPlan = { ...plan, seed };
  const series: EndedSeries[] = [];
  for (let processNumber = 0; processNumber < processes; processNumber++)
    series.push(...(await runWhole(trialPlan, protocol, processNumber)));
  const seconds = (performance.now() - start) / 1000;
  const base = samplesOf(series, plan.baseline, 'strategy');
  const against = (samples: readonly (readonly number[])[]): Comparison => {
    const ratios = samples.map((processNumber, index) =>
      pairedLogRatio(processNumber, base[index] as readonly number[]),
    );
    return compareFamily([meanOf(ratios)], EQUIVALENCE_BAND, CONFIDENCE)[0] as Comparison;
  };
  const byTool: Partial<Record<Tool, ToolComparisons>> = {};
  for (const tool of tools) byTool[tool] = await runTool(tool, plan, protocol, seconds);
  return {
    seed,
    seconds,
    series,
    twin: against(samplesOf(series, plan.baseline, 'twin')),
    slowed: INJECTED.slice(1).map((percent, index) => {
      const { id } = plan.strategies[index + 1] as { id: string };
      return { percent, ...against(samplesOf(series, id, 'strategy')) };
    }),
    tools: byTool,
  };
}

/**
 * The baseline, the baseline again and the slowed strategy through another harness, each with as much time as a
 * strategy has in the trial.
 */
async function runTool(
  tool: Tool,
  { strategies }: CellPlan,
  { windowsPerBatch }: CellProtocol,
  seconds: number,
): Promise<ToolComparisons> {
  const base = strategies[0] as { jobFile: string };
  const slowed = strategies[INJECTED.indexOf(TOOLS_PERCENT)] as { jobFile: string };
  const jobs = [base.jobFile, base.jobFile, slowed.jobFile];
  const milliseconds = (1000 * seconds) / (strategies.length + 1);
  const child = new Child('calibration/tools-child', [
    tool,
    String(windowsPerBatch),
    String(milliseconds),
    ...jobs,
  ]);
  try {
    const { figures } = await child.hear<{ figures: [ToolFigure, ToolFigure, ToolFigure] }>();
    const [first, twin, slow] = figures;
    const { ratio, differ } = toolsVerdict(first, twin);
    const found = toolsVerdict(first, slow);
    return {
      twin: { ratio, separated: differ },
      slowed: { ratio: found.ratio, separated: found.differ && found.ratio > 1 },
    };
  } finally {
    child.kill();
  }
}

/**
 * Whether a harness says that two strategies differ: tinybench, if the mean of neither with its margin of error reaches
 * the other's; mitata, which gives no margin, if its summary would print another ratio than 1, with its two decimals.
 */
function toolsVerdict(base: ToolFigure, other: ToolFigure): { ratio: number; differ: boolean } {
  const ratio = other.mean / base.mean;
  const [margin, otherMargin] = [base.margin, other.margin];
  if (margin === null || otherMargin === null) {
    return { ratio, differ: Math.max(ratio, 1 / ratio).toFixed(2) !== '1.00' };
  }
  const isBelow = base.mean * (1 + margin) < other.mean * (1 - otherMargin);
  const isAbove = base.mean * (1 - margin) > other.mean * (1 + otherMargin);
  return { ratio, differ: isBelow || isAbove };
}

/** Two strategies in the harness and in the hand-written loop, on the same heaps, process by process. */
async function measureOverheads(
  calibrationPlan: CalibrationPlan,
  directory: string,
  progress: Progress,
): Promise<Overhead[]> {
  const urls = ['ir-data-pointer', 'floor'].map(builtInUrl);
  const { overheadProcesses } = calibrationPlan;
  const cell = await prepareStrategies(urls, OVERHEAD_WORKLOAD, calibrationPlan, directory);
  const { plan, protocol, prepared } = cell;
  const logs = plan.strategies.map(() => ({ ratios: [] as number[], loops: [] as number[] }));
  const operations = protocol.windowsPerBatch * prepared.stream.windowOperations;
  const ended: (readonly EndedSeries[])[] = [];
  for (let processNumber = 0; processNumber < overheadProcesses; processNumber++) {
    const series = await runWhole(plan, protocol, processNumber);
    ended.push(series);
    for (const [index, { id, jobFile }] of plan.strategies.entries()) {
      const [samples] = samplesOf(series, id, 'strategy') as [readonly number[]];
      const timed = series.find((one) => one.strategy === id && one.role === 'strategy') as EndedSeries;
      const loop = await runLoop(jobFile, timed, cell);
      const loopNs = loop.map((ns) => ns / operations);
      const log = logs[index] as (typeof logs)[number];
      log.ratios.push(pairedLogRatio(samples, loopNs));
      log.loops.push(Math.log(median(loopNs)));
    }
    progress.advance(`overhead, process ${processNumber + 1} of ${overheadProcesses}`);
  }
  await judged(ended, cell);
  return plan.strategies.map(({ id }, index) => {
    const { ratios, loops } = logs[index] as (typeof logs)[number];
    return {
      strategy: id,
      workload: OVERHEAD_WORKLOAD.workload.id,
      ratio: ratioInterval(meanOf(ratios), CONFIDENCE),
      loopNs: Math.exp(meanOf(loops).mean),
    };
  });
}

/** ns of each batch in the hand-written loop, on the heap of a timed process, whose digest it must end with. */
async function runLoop(
  jobFile: string,
  timed: EndedSeries,
  { plan, protocol }: TrialCell,
): Promise<readonly number[]> {
  const { warmUpWindows, windowsPerBatch } = protocol;
  const words = [timed.heapSeed, warmUpWindows, plan.rounds, windowsPerBatch, timed.replays].map(String);
  const child = new Child('calibration/loop-child', [jobFile, ...words]);
  try {
    await child.hear();
    await child.pin();
    const { batchNs, digest } = await child.ask<LoopReply>('go');
    if (digest !== timed.digest) throw new Error(`the loop on ${timed.strategy} ended with other IRTEs`);
    return batchNs;
  } finally {
    child.kill();
  }
}
