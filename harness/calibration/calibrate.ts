// The harness measured on itself. How often does it see a difference where there is none? How often does it find one
// that was put there? What do other harnesses say of the same work? What does the harness add to a time?
import { median } from 'simple-statistics';
import { HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../strategies/index.js';
import { manyQueues } from '../../workloads/many-queues.js';
import { pinned } from '../../workloads/pinned.js';
import type { OperationStream } from '../../workloads/stream/stream.js';
import { CountingMemory } from '../counting/counting-memory.js';
import { captureEnvironment } from '../environment.js';
import { CONFIDENCE, EQUIVALENCE_BAND } from '../method.js';
import { compileSource } from '../native/compile.js';
import { prepare } from '../plan/prepare.js';
import { type ChosenWorkload, type Progress, type RunPlan, SILENT } from '../plan/run-plan.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { Child, withChild } from '../process/child.js';
import { importStrategy } from '../process/child-main.js';
import { withScratch } from '../process/scratch.js';
import { toolVersion } from '../process/tool-version.js';
import { inTurn } from '../process/workshop.js';
import { createReplay, plainHost } from '../replay/replay.js';
import { type Calibration, INJECTED, leftOutText, TOOLS, type Tool } from '../results/calibration.js';
import { LANES, type Lane, type Series } from '../results/results.js';
import {
  type Comparison,
  compareFamily,
  meanOf,
  pairedLogRatio,
  ratioInterval,
} from '../results/statistics.js';
import { type EndedSeries, prepareCell, runSet, setsOf, warmUpWindows } from '../timing/cell-runner.js';
import { judgedSeries, runReferences } from '../timing/references.js';
import { cellPlanOf } from '../timing/timed-cell.js';
import type { LoopReply } from './loop-child.js';
import { ENTRIES_PER_VCPU, slowedId } from './slowed.js';
import { isInstalled, runTool } from './tools.js';

/** The size of a calibration. */
export interface CalibrationPlan extends Pick<Calibration, 'processes' | 'rounds' | 'overheadProcesses'> {
  readonly trials: number;
  readonly seed: number;
}

/** Distance of the seeds of two trials. Each set of processes of a trial takes the next seed. */
const SEEDS_PER_TRIAL = 1000;

const HOST: HostParameters = HOST_PRESETS['v6.8'];

/** A trial with the other harnesses takes as long as so many sets of the overhead. */
const TRIAL_STEPS = 20;

/** The loads and puts of many-queues in a small window, so that a trial is short. */
const TRIAL_WORKLOAD: ChosenWorkload = {
  workload: manyQueues,
  parameters: manyQueues.schema.parse({ vms: 4, cpus: 12, irqsPerVcpu: ENTRIES_PER_VCPU, operations: 1024 }),
  host: {},
};

/** Its operations update two entries each and take tens of ns, so that any overhead shows. */
const OVERHEAD_WORKLOAD: ChosenWorkload = { workload: pinned, parameters: pinned.schema.parse({}), host: {} };

/** The slowed strategies in C, by id; none without a compiler. */
async function slowedPrograms(): Promise<Map<string, string>> {
  const programs = new Map<string, string>();
  for (const percent of INJECTED) {
    const defines = [`-DPOINTER_BYTES=${HOST.pointerBytes}`, `-DPERCENT=${percent}`];
    const program = await compileSource(`slowed-${percent}`, 'harness/calibration/slowed.c', defines);
    if (program !== null) programs.set(slowedId(percent), program);
  }
  return programs;
}

const slowedUrl = (percent: number): string =>
  new URL(`./slowed.js?percent=${percent}`, import.meta.url).href;

/** Calibrates the harness. */
export async function calibrate(plan: CalibrationPlan, progress: Progress): Promise<Calibration> {
  const startedAt = new Date();
  const start = performance.now();
  const environment = await captureEnvironment();
  const { trials, seed, rounds, overheadProcesses } = plan;
  const programs = await slowedPrograms();
  const processes = { ...plan.processes, c: programs.size === 0 ? 0 : plan.processes.c };
  const tools = TOOLS.filter(isInstalled);
  for (const tool of TOOLS) if (!tools.includes(tool)) progress.note(leftOutText(tool));
  return withScratch(async (directory) => {
    progress.start(trials * TRIAL_STEPS + overheadProcesses);
    const urls = INJECTED.map(slowedUrl);
    const trialPlan = { ...plan, processes };
    const cell = await prepareStrategies(urls, TRIAL_WORKLOAD, trialPlan, directory, programs);
    const { id, parameters } = cell.prepared.info;
    const injected = await countInjected(cell.prepared.stream);
    const seeds = Array.from({ length: trials }, (_, number) => seed + number * SEEDS_PER_TRIAL);
    const ended = await inTurn(seeds, async (trialSeed, number) => {
      const trial = await runTrial(cell, trialSeed, tools);
      progress.advance(`trial ${number + 1} of ${trials}`, TRIAL_STEPS);
      return trial;
    });
    const runs = ended.map((trial) => trial.series);
    const series = await judged(runs, cell);
    const overheads = await measureOverheads(plan, directory, progress);
    return {
      schema: 'gatag-bench calibration',
      startedAt: startedAt.toISOString(),
      seconds: (performance.now() - start) / 1000,
      tool: await toolVersion(),
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

/** A cell that is run once for each trial. */
type TrialCell = Awaited<ReturnType<typeof prepareStrategies>>;

/** @param urls - Modules of the strategies, the baseline first. */
async function prepareStrategies(
  urls: readonly string[],
  chosen: ChosenWorkload,
  { seed, rounds, processes }: CalibrationPlan,
  directory: string,
  programs: ReadonlyMap<string, string> = new Map(),
) {
  const strategies = await inTurn(urls, async (url): Promise<LoadedStrategy> => {
    return { strategy: await importStrategy(url), url, file: null, failure: null };
  });
  const [{ strategy: baseline }] = strategies as [LoadedStrategy];
  const runPlan: RunPlan = { strategies, workloads: [chosen], host: HOST, seed, memory: 'checked' };
  const prepared = await prepare(runPlan, chosen, directory);
  const plan = cellPlanOf(runPlan, prepared, { baseline: baseline.id, processes, rounds, programs });
  return { prepared, plan, protocol: await prepareCell(plan, SILENT) };
}

/** Counts the work that was put in, as accesses of one replay of the window. */
async function countInjected(stream: OperationStream): Promise<Calibration['injected']> {
  const counts = await inTurn(INJECTED, async (percent) => {
    const memory = new CountingMemory();
    const replay = createReplay(stream, await importStrategy(slowedUrl(percent)), plainHost(memory, HOST));
    replay.setUp();
    memory.begin();
    replay.runWindow();
    const { loads, stores } = memory.end();
    return { percent, accesses: loads + stores };
  });
  const [base] = counts as [(typeof counts)[number]];
  return counts.map((count) => ({ ...count, counted: 100 * (count.accesses / base.accesses - 1) }));
}

/** Runs a set of processes. @throws Error if a process failed: a calibration has no gaps. */
async function runWhole({ plan, protocol }: TrialCell, processNumber: number): Promise<EndedSeries[]> {
  const series = await runSet(plan, protocol, processNumber, SILENT.note);
  for (const { strategy, error } of series) {
    if (error !== null) throw new Error(`a process of ${strategy} failed: ${error}`);
  }
  return series;
}

/**
 * Compares the digests of all runs of a cell with those of untimed processes. One untimed process of a strategy serves
 * all runs, because most timed processes make the same number of replays.
 *
 * @throws Error if a digest differs.
 */
async function judged(runs: readonly (readonly EndedSeries[])[], { plan }: TrialCell): Promise<Series[][]> {
  const references = await runReferences(plan, runs.flat(), SILENT);
  for (const { strategy, error } of references) {
    if (error !== null) throw new Error(`the untimed run of ${strategy} failed: ${error}`);
  }
  const all = runs.map((series) => judgedSeries(series, references));
  for (const { strategy, digestMatches } of all.flat()) {
    if (!digestMatches) throw new Error(`a process of ${strategy} ended with other IRTEs`);
  }
  return all;
}

/** @returns A trial before its digests are compared with those of untimed runs. */
async function runTrial(cell: TrialCell, seed: number, tools: readonly Tool[]) {
  const start = performance.now();
  const { plan, protocol } = cell;
  const trial = { ...cell, plan: { ...plan, seed } };
  const series: EndedSeries[] = [];
  for (let processNumber = 0; processNumber < setsOf(plan.processes); processNumber++) {
    series.push(...(await runWhole(trial, processNumber)));
  }
  const seconds = (performance.now() - start) / 1000;
  const timed = LANES.filter((lane) => plan.processes[lane] > 0);
  const lanes = timed.map((lane) => [lane, laneTrial(series, plan.baseline, lane)] as const);
  const byTool = await inTurn(tools, async (tool) => {
    return [tool, await runTool(tool, plan, protocol, seconds)] as const;
  });
  return { seed, seconds, series, lanes: Object.fromEntries(lanes), tools: Object.fromEntries(byTool) };
}

/** The comparisons of a trial in one language. */
function laneTrial(all: readonly EndedSeries[], baseline: string, lane: Lane) {
  const seriesOf = (strategy: string, role: Series['role']) =>
    all.filter((one) => one.lane === lane && one.strategy === strategy && one.role === role);
  const base = seriesOf(baseline, 'strategy');
  const against = (series: readonly EndedSeries[]): Comparison => {
    const ratios = series.map(({ samples }, index) =>
      pairedLogRatio(samples, (base[index] as EndedSeries).samples),
    );
    return compareFamily([meanOf(ratios)], EQUIVALENCE_BAND, CONFIDENCE)[0] as Comparison;
  };
  return {
    twin: against(seriesOf(baseline, 'twin')),
    slowed: INJECTED.slice(1).map((percent) => {
      return { percent, ...against(seriesOf(slowedId(percent), 'strategy')) };
    }),
  };
}

/** Times two strategies in the harness and in the hand-written loop, on the same heaps, process by process. */
async function measureOverheads(calibrationPlan: CalibrationPlan, directory: string, progress: Progress) {
  const urls = ['ir-data-pointer', 'floor'].map(builtInUrl);
  const { overheadProcesses } = calibrationPlan;
  const alone = { ...calibrationPlan, processes: { v8: overheadProcesses, c: 0 } };
  const cell = await prepareStrategies(urls, OVERHEAD_WORKLOAD, alone, directory);
  const { plan, protocol, prepared } = cell;
  const loops: { readonly strategy: string; readonly logRatio: number; readonly log: number }[] = [];
  const operations = protocol.windowsPerBatch * prepared.stream.windowOperations;
  const ended: (readonly EndedSeries[])[] = [];
  for (let processNumber = 0; processNumber < overheadProcesses; processNumber++) {
    const series = await runWhole(cell, processNumber);
    ended.push(series);
    for (const { id, jobFile } of plan.strategies) {
      const timed = series.find((one) => one.strategy === id && one.role === 'strategy') as EndedSeries;
      const loop = await runLoop(jobFile, timed, cell);
      const loopNs = loop.map((ns) => ns / operations);
      const logRatio = pairedLogRatio(timed.samples, loopNs);
      loops.push({ strategy: id, logRatio, log: Math.log(median(loopNs)) });
    }
    progress.advance(`overhead, process ${processNumber + 1} of ${overheadProcesses}`);
  }
  await judged(ended, cell);
  return plan.strategies.map(({ id }) => {
    const own = loops.filter(({ strategy }) => strategy === id);
    return {
      strategy: id,
      workload: OVERHEAD_WORKLOAD.workload.id,
      ratio: ratioInterval(meanOf(own.map(({ logRatio }) => logRatio)), CONFIDENCE),
      loopNs: Math.exp(meanOf(own.map(({ log }) => log)).mean),
    };
  });
}

/**
 * Runs the hand-written loop on the heap of a timed process.
 *
 * @returns The time of each batch, in ns.
 * @throws Error if the loop ends with another digest than the process.
 */
async function runLoop(jobFile: string, timed: EndedSeries, { plan, protocol }: TrialCell) {
  const warmUp = warmUpWindows('v8', protocol);
  const words = [timed.heapSeed, warmUp, plan.rounds, protocol.windowsPerBatch, timed.replays].map(String);
  return withChild(new Child('calibration/loop-child', [jobFile, ...words]), async (child) => {
    await child.hear();
    await child.pin();
    const { batchNs, digest } = await child.ask<LoopReply>('go');
    if (digest !== timed.digest) throw new Error(`the loop on ${timed.strategy} ended with other IRTEs`);
    return batchNs;
  });
}
