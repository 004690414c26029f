#!/usr/bin/env node
// The command line. stdout is for results, stderr for progress. Exit status, the first that applies: 2 usage or input, or
// nothing to judge, time or compare; 1 a failure outside the declared limits; 3 something that was asked for could not be
// done, or an internal error; 0 all that was asked for was done.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { calibrate } from '../harness/calibration/calibrate.js';
import { CALIBRATION_TRIALS, HISTORIES, SCHEDULES, SUITES } from '../harness/method.js';
import { writeNative } from '../harness/native/by-hand.js';
import type { Progress } from '../harness/plan/run-plan.js';
import { ChildError } from '../harness/process/child.js';
import type { MemoryMode } from '../harness/process/child-protocol.js';
import { changesAfterWarmUp, compareCell } from '../harness/results/comparison.js';
import { LANES, type Lane, type Results } from '../harness/results/results.js';
import { compareRuns, differencesBetween, haveCommon } from '../harness/results/run-comparison.js';
import { bench, verify } from '../harness/run.js';
import { allCells } from '../harness/timing/disturbance.js';
import { type HistoryPlan, verifyHistories } from '../harness/verify/histories/histories.js';
import { type SchedulePlan, verifySchedules } from '../harness/verify/schedules/schedules.js';
import { UsageError, writingFailed } from '../machine/usage-error.js';
import { disturbedSentences } from '../reports/figures/verdict-sentences.js';
import { renderCalibration } from '../reports/text/calibration.js';
import { differenceText, renderRunComparison } from '../reports/text/run-comparison.js';
import { renderText } from '../reports/text/text.js';
import { undoneLines } from '../reports/words/undone.js';
import { neutralised } from '../reports/words/untrusted.js';
import { writeReport, writeResults } from '../reports/write.js';
import { summarizeRecording } from '../workloads/recorded.js';
import { listStrategies, listWorkloads, recordingText, strategiesText, workloadsText } from './list.js';
import { hasFailure } from './outcome.js';
import { makeOutputDirectory } from './output-directory.js';
import { progressOnStderr } from './progress.js';
import { readResults } from './read-results.js';
import {
  benchPlan,
  benchStrategies,
  type Choice,
  chosenPresets,
  chosenStrategies,
  DEFAULT_SEED,
  historyPlan,
  nativePlan,
  overlay,
  parseAssignments,
  parseChoice,
  readConfig,
  replayPlan,
  schedulePlan,
  verifyPlan,
} from './settings.js';
import {
  historiesText,
  isExpected,
  isExpectedThroughout,
  type PresetVerification,
  schedulesText,
  verdictText,
  verifyText,
} from './verify-report.js';

const FAILURE = 1;
const USAGE = 2;
const UNDONE = 3;

function wholeNumber(word: string): number {
  if (!/^\d+$/.test(word)) throw new InvalidArgumentError('expected a whole number');
  return Number(word);
}

function countingNumber(word: string): number {
  if (!/^[1-9]\d*$/.test(word)) throw new InvalidArgumentError('expected a whole number from 1');
  return Number(word);
}

const option = {
  strategy: new Option('--strategy <id|file...>', 'strategies: ids, paths of modules, or "built-in" for all'),
  workload: new Option('--workload <id...>', 'workloads; "none" for none, with verify'),
  sweep: new Option(
    '--sweep <axis...>',
    'time hosts that differ in one number; alone, or besides the suite or workloads that are named',
  ),
  set: new Option('--set <key=value...>', 'host and workload parameters, or preset=2016').argParser(
    (word: string, words: string[] = []) => [...words, word],
  ),
  trace: new Option('--trace <file>', 'recording for the workload recorded, plain or gzipped'),
  seed: new Option('--seed <n>', 'seed of all choices').argParser(wholeNumber),
  out: new Option('--out <dir>', 'folder for the output'),
  json: new Option('--json', 'print JSON alone'),
};

interface Words {
  readonly suite?: keyof typeof SUITES;
  readonly config?: string;
  readonly strategy?: string[];
  readonly workload?: string[];
  readonly sweep?: string[];
  readonly set?: string[];
  readonly trace?: string;
  readonly processes?: number;
  readonly rounds?: number;
  readonly threads?: number;
  readonly trials?: number;
  readonly runs?: number;
  readonly histories?: number;
  readonly schedules?: number;
  readonly memory?: MemoryMode;
  readonly replay?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
}

/** What the words choose, over what their config file chooses. */
async function choiceOf(words: Words): Promise<Choice> {
  const {
    config,
    set = [],
    json: _json,
    runs: _runs,
    histories: _count,
    schedules: _schedules,
    memory: _memory,
    replay: _replay,
    ...rest
  } = words;
  const choice = parseChoice({ ...rest, set: parseAssignments(set) });
  return config === undefined ? choice : overlay(choice, await readConfig(config));
}

function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

const inLane = (lane: Lane): string => (lane === 'c' ? ' in C' : '');

/**
 * Says on stderr which cells' ratios are not to be trusted, who was not steady, how many rounds were disturbed, and what was
 * not run in C.
 */
function warnOfTiming(results: Results): void {
  for (const cell of results.cells) {
    for (const lane of LANES) {
      const { control } = compareCell(results, cell, results.run.baseline, lane);
      if (!control?.unreliable) continue;
      const { low, high } = control.ratio;
      const interval = `${low.toFixed(3)} to ${high.toFixed(3)}`;
      console.error(`warning: ${cell.workload} is unreliable${inLane(lane)}: its A/A ratio is ${interval}`);
    }
    for (const { strategy, lane, ratio } of changesAfterWarmUp(results, cell)) {
      const who = `${strategy} on ${cell.workload}${inLane(lane)}`;
      console.error(`warning: ${who} was not steady after its warm-up: ${ratio.estimate.toFixed(3)}`);
    }
    const { noNative } = cell.timing;
    if (noNative !== null) console.error(`no lane of C on ${cell.workload}: ${noNative}`);
  }
  for (const sentence of disturbedSentences(results, allCells(results)))
    console.error(`warning: ${sentence}`);
  const noNativeThreads = results.contention?.noNative ?? null;
  if (noNativeThreads !== null) console.error(`no lane of C with threads: ${noNativeThreads}`);
}

/** Says on stderr that there are more threads than CPUs. */
function warnOfThreads(threads: number | null): void {
  const cpus = availableParallelism();
  if (threads === null || threads <= cpus) return;
  console.error(
    `warning: ${threads} threads on ${cpus} CPUs: one that is preempted while it holds a lock is what is measured`,
  );
}

/** Writes files in a folder. @throws UsageError if they cannot be written. */
async function writingTo(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw writingFailed(folder, error);
  }
}

async function runBench(words: Words): Promise<number> {
  const choice = await choiceOf(words);
  const plan = benchPlan(choice);
  warnOfThreads(plan.threads);
  const strategies = await withProgress(({ note }) => benchStrategies(choice, note));
  const directory = await makeOutputDirectory(choice.out);
  const results = await withProgress((progress) => bench({ ...plan, strategies }, progress));
  // First of all what was measured: nothing that comes after may lose it.
  await writingTo(directory.path, () => writeResults(results, directory.path));
  print(renderText(results));
  warnOfTiming(results);
  for (const line of undoneLines(results.undone)) console.error(neutralised(line));
  await writingTo(directory.path, async () => {
    await writeReport(results, directory.path);
    await directory.publish();
  });
  console.error(`report: ${join(directory.path, 'report.html')}`);
  return statusOf(hasFailure(results), results.undone);
}

/** The exit status of what was judged. */
function statusOf(hasFailed: boolean, undone: readonly unknown[]): number {
  if (hasFailed) return FAILURE;
  return undone.length > 0 ? UNDONE : 0;
}

/** Does something that tells how far it has come. */
async function withProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = progressOnStderr();
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

/** What histories `verify` is to judge on: generated ones, or the one of a file; null for none. */
async function historiesOf(words: Words, choice: Choice): Promise<Omit<HistoryPlan, 'strategies'> | null> {
  if (words.replay !== undefined) return replayPlan(words.replay);
  const count = (words.histories ?? HISTORIES) * (words.runs ?? 1);
  return count === 0 ? null : historyPlan(choice, count);
}

/** The schedules that `verify` is to judge on; null for none. A story that is replayed has none. */
function schedulesOf(words: Words, choice: Choice): Omit<SchedulePlan, 'strategies'> | null {
  const count = (words.schedules ?? SCHEDULES) * (words.runs ?? 1);
  return count === 0 || words.replay !== undefined ? null : schedulePlan(choice, count);
}

/** Does something that tells how far it has come. @returns What came of it, and how long it took. */
async function timedProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T & { seconds: number }> {
  const startedAt = performance.now();
  const done = await withProgress(work);
  return { ...done, seconds: (performance.now() - startedAt) / 1000 };
}

async function runVerify(words: Words): Promise<number> {
  const choice = await choiceOf(words);
  const runs = words.runs ?? 1;
  // What does not fit is told before anything is judged.
  const presets =
    words.replay === undefined && choice.workload?.join() !== 'none' ? chosenPresets(choice) : [];
  const plans = presets.map((preset) => ({
    preset,
    plan: verifyPlan(choice, preset, words.memory ?? 'checked'),
  }));
  const historiesPlan = await historiesOf(words, choice);
  const schedulesPlan = schedulesOf(words, choice);
  if (plans.length === 0 && historiesPlan === null && schedulesPlan === null) {
    throw new UsageError('there is nothing to judge: no workload, no history and no schedule');
  }
  const strategies = await withProgress(({ note }) => chosenStrategies(choice, note));
  const verifications: PresetVerification[] = [];
  for (const { preset, plan } of plans) {
    const done = await withProgress(async (progress) => {
      const all: PresetVerification['runs'][number][] = [];
      for (let run = 0; run < runs; run++)
        all.push(await verify({ ...plan, strategies, seed: plan.seed + run }, progress));
      return all;
    });
    const verification = { preset, memory: plan.memory, firstSeed: plan.seed, runs: done };
    verifications.push(verification);
    if (!words.json) print(verifyText(verification));
  }
  const seed = choice.seed ?? DEFAULT_SEED;
  const histories = historiesPlan && {
    source: words.replay ?? { seed },
    ...(await timedProgress((progress) => verifyHistories({ ...historiesPlan, strategies }, progress))),
  };
  if (histories !== null && !words.json) print(historiesText(histories));
  const schedules = schedulesPlan && {
    seed,
    ...(await timedProgress((progress) => verifySchedules({ ...schedulesPlan, strategies }, progress))),
  };
  if (schedules !== null && !words.json) print(schedulesText(schedules));
  const judged = verifications.flatMap(({ runs: all }) => all.flat());
  const checks = judged.flatMap((one) => one.checks);
  const throughout = [...(histories?.checks ?? []), ...(schedules?.checks ?? [])];
  const expected = checks.every(isExpected) && throughout.every(isExpectedThroughout);
  const undone = [
    ...judged.flatMap((one) => one.undone),
    ...(histories?.undone ?? []),
    ...(schedules?.undone ?? []),
  ];
  if (words.json) print(JSON.stringify({ expected, undone, histories, schedules, verifications }, null, 1));
  else print(verdictText(expected, checks.length + throughout.length, undone));
  return statusOf(!expected, undone);
}

async function runCalibrate({ trials, seed, out }: Words): Promise<number> {
  const directory = await makeOutputDirectory(out);
  const { processes, rounds } = SUITES.default;
  const plan = {
    trials: trials ?? CALIBRATION_TRIALS,
    seed: seed ?? DEFAULT_SEED,
    processes,
    rounds,
    overheadProcesses: SUITES.full.processes,
  };
  const calibration = await withProgress((progress) => calibrate(plan, progress));
  const text = renderCalibration(calibration);
  print(text);
  await writingTo(directory.path, async () => {
    await writeFile(join(directory.path, 'calibration.json'), JSON.stringify(calibration));
    await writeFile(join(directory.path, 'calibration.txt'), text);
  });
  console.error(`calibration: ${join(directory.path, 'calibration.txt')}`);
  return 0;
}

async function runNative(words: Words): Promise<number> {
  const choice = await choiceOf(words);
  const plan = nativePlan(choice);
  const strategies = await withProgress(({ note }) => chosenStrategies(choice, note));
  const directory = await makeOutputDirectory(choice.out);
  const commands = await writeNative({ ...plan, strategies }, directory.path);
  for (const { program, image, stream } of commands) {
    print(`printf 'replay 1000\\n' | perf stat ${program} ${image} ${stream}`);
  }
  return 0;
}

async function runReport(file: string, { out }: Words): Promise<number> {
  const { results } = await readResults(file);
  const directory = out ?? dirname(file);
  await writingTo(directory, async () => {
    await mkdir(directory, { recursive: true });
    for (const path of await writeReport(results, directory)) print(path);
  });
  return 0;
}

async function runCompare(baseFile: string, newFile: string, { force, json }: Words): Promise<number> {
  const read = async (file: string) => ({ file, ...(await readResults(file, force)) });
  const [base, next] = [await read(baseFile), await read(newFile)];
  const differences = [
    ...(base.version === next.version ? [] : [{ field: 'version', base: base.version, next: next.version }]),
    ...differencesBetween(base.results, next.results),
  ];
  const [difference] = differences;
  if (difference !== undefined && !force) {
    const others = differences.length === 1 ? '' : `, and ${differences.length - 1} more`;
    throw new UsageError(
      `${base.file} and ${next.file} differ in ${differenceText(difference)}${others}; --force compares them all the same`,
    );
  }
  const comparison = compareRuns(base.results, next.results);
  if (!haveCommon(base.results, next.results)) {
    throw new UsageError(
      `there is nothing to compare: ${base.file} and ${next.file} have no strategy on the same workload`,
    );
  }
  if (json) print(JSON.stringify({ forced: differences, ...comparison }, null, 1));
  else print(renderRunComparison(base, next, comparison, differences));
  return comparison.regressions.length > 0 ? FAILURE : 0;
}

async function runList(what: string, { trace, json }: Words): Promise<number> {
  if (what === 'strategies') {
    if (trace !== undefined) throw new UsageError('--trace goes with list workloads');
    const strategies = await listStrategies();
    print(json ? JSON.stringify(strategies, null, 1) : strategiesText(strategies));
  } else if (trace !== undefined) {
    const recording = await summarizeRecording(trace);
    print(json ? JSON.stringify(recording, null, 1) : recordingText(recording));
  } else {
    const workloads = listWorkloads();
    print(json ? JSON.stringify(workloads, null, 1) : workloadsText(workloads));
  }
  return 0;
}

const program = new Command('gatag-bench')
  .description(
    'Compares designs for finding the IRTEs of a vCPU: the KVM/SVM AVIC and AMD IOMMU review of 2016, in numbers.',
  )
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

/** Runs a command's work and keeps its exit status. */
function exitWith<A extends unknown[]>(work: (...args: A) => Promise<number>) {
  return async (...args: A): Promise<void> => {
    process.exitCode = await work(...args);
  };
}

program
  .command('bench')
  .description('judge and time strategies on workloads, and write a report')
  .addOption(new Option('--suite <name>', 'how much to run (default: default)').choices(Object.keys(SUITES)))
  .option('--config <file>', 'these options in a JSON file; the command line goes before it')
  .addOption(option.strategy)
  .addOption(option.workload)
  .addOption(option.sweep)
  .addOption(option.set)
  .addOption(option.trace)
  .addOption(new Option('--processes <n>', 'processes per strategy').argParser(countingNumber))
  .addOption(new Option('--rounds <n>', 'timed batches per process').argParser(countingNumber))
  .addOption(
    new Option('--threads <n>', 'threads on one host at the most (default: one for each CPU)').argParser(
      countingNumber,
    ),
  )
  .addOption(option.seed)
  .addOption(option.out)
  .action(exitWith((words: Words) => runBench(words)));

program
  .command('verify')
  .description('judge strategies on workloads, on every host preset, without timing')
  .addOption(option.strategy)
  .addOption(option.workload)
  .addOption(option.set)
  .addOption(option.trace)
  .addOption(new Option('--runs <n>', 'runs, each with the next seed').argParser(countingNumber))
  .addOption(
    new Option('--histories <n>', `generated histories for each strategy (default: ${HISTORIES})`).argParser(
      wholeNumber,
    ),
  )
  .addOption(
    new Option(
      '--schedules <n>',
      `random schedules of operations at once for each strategy, besides all with few preemptions; 0 for none at all (default: ${SCHEDULES})`,
    ).argParser(wholeNumber),
  )
  .addOption(
    new Option('--memory <mode>', 'what workloads are judged in: every access checked, or for scale').choices(
      ['checked', 'journaled'],
    ),
  )
  .addOption(
    new Option('--replay <file>', 'judge on the history in a file, and on nothing else').conflicts([
      'workload',
      'set',
      'trace',
      'runs',
      'histories',
      'schedules',
      'memory',
    ]),
  )
  .addOption(option.seed)
  .addOption(option.json)
  .action(exitWith((words: Words) => runVerify(words)));

program
  .command('calibrate')
  .description('measure the harness on itself: what it sees where nothing is, and what it finds')
  .addOption(new Option('--trials <n>', `trials (default: ${CALIBRATION_TRIALS})`).argParser(countingNumber))
  .addOption(option.seed)
  .addOption(option.out)
  .action(exitWith((words: Words) => runCalibrate(words)));

program
  .command('native')
  .description('write programs in C, images and streams, and print the words that run them by hand')
  .addOption(option.strategy)
  .addOption(option.workload)
  .addOption(option.set)
  .addOption(option.trace)
  .addOption(option.seed)
  .addOption(option.out)
  .action(exitWith((words: Words) => runNative(words)));

program
  .command('report')
  .description('write the report of a results.json again')
  .argument('<results.json>')
  .addOption(option.out)
  .action(exitWith((file: string, words: Words) => runReport(file, words)));

program
  .command('compare')
  .description('what has changed from one run to another, on the same machine and workloads')
  .argument('<base.json>')
  .argument('<new.json>')
  .option('--force', 'compare runs of different machines, suites or versions of the file, and say so')
  .addOption(option.json)
  .action(exitWith((base: string, next: string, words: Words) => runCompare(base, next, words)));

program
  .command('list')
  .description('list what there is; with --trace, what a recording holds')
  .addArgument(program.createArgument('<what>').choices(['strategies', 'workloads']))
  .addOption(option.trace)
  .addOption(option.json)
  .action(exitWith((what: string, words: Words) => runList(what, words)));

// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// Whatever ends the process before its work is done, it has not done it.
let isDone = false;
process.on('exit', (status) => {
  if (isDone || status !== 0) return;
  console.error('gatag-bench: it ended before all was done');
  process.exitCode = UNDONE;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else if (error instanceof UsageError || error instanceof ChildError) {
    console.error(`gatag-bench: ${error.message}`);
    process.exitCode = error instanceof UsageError ? USAGE : UNDONE;
  } else {
    console.error(error);
    process.exitCode = UNDONE;
  }
}
isDone = true;
