#!/usr/bin/env node
// The command line: its commands, their options, and what ends them. stdout is for results, stderr for progress.
// Each command imports what only it needs: charts alone take longer to load than most commands take.
import { lstatSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CALIBRATION_TRIALS, HISTORIES, SCHEDULES, SUITES } from '../harness/method.js';
import { ChildError } from '../harness/process/child.js';
import { UsageError } from '../machine/usage-error.js';
import { summarizeRecording } from '../workloads/recorded.js';
import {
  neutralisedLines,
  print,
  printJson,
  UNDONE,
  USAGE,
  type Words,
  warn,
  withProgress,
  writingTo,
} from './command.js';
import { makeOutputDirectory } from './output-directory.js';
import { choiceOf, chosenStrategies, DEFAULT_SEED, nativePlan } from './settings.js';

const WHOLE = { pattern: /^\d+$/, text: 'a whole number' };
const COUNTING = { pattern: /^[1-9]\d*$/, text: 'a whole number from 1' };

/** An option with a number. */
const numeric = (flags: string, description: string, { pattern, text }: typeof WHOLE): Option =>
  new Option(flags, description).argParser((word) => {
    if (!pattern.test(word)) throw new InvalidArgumentError(`expected ${text}`);
    return Number(word);
  });

/** What `verify` judges on, if no history in a file stands for all of it. */
const JUDGED_ON = ['workload', 'set', 'trace', 'histories', 'schedules', 'memory'];

const option = {
  suite: new Option('--suite <name>', 'how much to run (default: default)').choices(Object.keys(SUITES)),
  strategy: new Option(
    '--strategy <id|file...>',
    'strategies: ids, paths of modules, or "built-in" for all built-in ones (default: those of the suite; without a suite, built-in)',
  ),
  workload: new Option(
    '--workload <id...>',
    'workloads to run; "none" runs none (default: those of the suite; verify: all; native: pinned)',
  ),
  sweep: new Option(
    '--sweep <axis...>',
    'vary one host parameter (entriesPerVcpu, iommus or vms; all for each), or "decomposition"; runs only the sweep unless --suite or --workload is given',
  ),
  set: new Option(
    '--set <key=value...>',
    'parameters of the host (an unknown key lists all) or of a workload (list workloads), or preset=2016',
  ).argParser((word: string, words: string[] = []) => [...words, word]),
  trace: new Option('--trace <file>', 'a recording for the workload recorded, plain or gzipped'),
  processes: numeric(
    '--processes <n>',
    'processes per strategy (default: by suite and language); a verdict needs 5',
    COUNTING,
  ),
  rounds: numeric(
    '--rounds <n>',
    `timed batches per process (default: ${SUITES.default.rounds}, or by suite)`,
    COUNTING,
  ),
  threads: numeric('--threads <n>', 'maximum threads on one host (default: number of CPUs)', COUNTING),
  histories: numeric('--histories <n>', `random histories per strategy (default: ${HISTORIES})`, WHOLE),
  schedules: numeric(
    '--schedules <n>',
    `random schedules per strategy, on top of the exhaustive small ones; 0 disables both (default: ${SCHEDULES})`,
    WHOLE,
  ),
  memory: new Option(
    '--memory <mode>',
    'checked: check every access (default); journaled: faster, for large hosts',
  ).choices(['checked', 'journaled']),
  replay: new Option('--replay <file>', 'judge only the history in a file').conflicts(JUDGED_ON),
  trials: numeric('--trials <n>', `number of trials (default: ${CALIBRATION_TRIALS})`, COUNTING),
  seed: numeric('--seed <n>', `seed of all random choices (default: ${DEFAULT_SEED})`, WHOLE),
  out: new Option(
    '--out <dir>',
    'folder for the output (default: bench-results/<UTC time>, to which bench-results/latest points)',
  ),
  json: new Option('--json', 'print only JSON'),
};

async function runCalibrate({ trials, seed, out }: Words): Promise<number> {
  const { calibrate } = await import('../harness/calibration/calibrate.js');
  const { renderCalibration } = await import('../reports/text/calibration.js');
  const directory = await makeOutputDirectory(out);
  const { processes, rounds } = SUITES.default;
  const plan = {
    trials: trials ?? CALIBRATION_TRIALS,
    seed: seed ?? DEFAULT_SEED,
    processes: { v8: processes.alone, c: processes.c },
    rounds,
    overheadProcesses: SUITES.full.processes.alone,
  };
  const calibration = await withProgress((progress) => calibrate(plan, progress));
  const text = renderCalibration(calibration);
  await directory.save(async (folder) => {
    await writeFile(join(folder, 'calibration.json'), JSON.stringify(calibration));
    await writeFile(join(folder, 'calibration.txt'), text);
  });
  print(text);
  await directory.publish();
  console.error(`calibration: ${join(directory.path, 'calibration.txt')}`);
  return 0;
}

async function runNative(words: Words): Promise<number> {
  const { writeNative } = await import('../harness/native/by-hand.js');
  const choice = choiceOf(words);
  const plan = nativePlan(choice);
  const strategies = await withProgress(({ note }) => chosenStrategies(choice, note));
  const directory = await makeOutputDirectory(choice.out);
  const commands = await writingTo(directory.path, () =>
    writeNative({ ...plan, strategies }, directory.path),
  );
  print(`make -C ${directory.path}`);
  for (const { program, host, changes, stream } of commands) {
    const words = [program, `$(cat ${host})`, ...changes, stream];
    print(`printf 'replay 1000\\n' | perf stat ${words.join(' ')}`);
  }
  return 0;
}

async function runReport(file: string, { out }: Words): Promise<number> {
  const { readResults } = await import('./read-results.js');
  const { writeReport } = await import('../reports/write.js');
  const { results } = await readResults(file);
  // Beside the results, unless they come through a pipe.
  const directory = out ?? (lstatSync(file).isFile() ? dirname(file) : '.');
  await writingTo(directory, async () => {
    await mkdir(directory, { recursive: true });
    for (const path of await writeReport(results, directory)) print(path);
  });
  return 0;
}

async function runList(what: string, { trace, json }: Words): Promise<number> {
  const list = await import('./list.js');
  const show = <T>(listed: T, textOf: (listed: T) => string): void => {
    if (json) printJson(listed);
    else print(textOf(listed));
  };
  if (what === 'strategies') {
    if (trace !== undefined) throw new UsageError('--trace goes with list workloads');
    show(await list.listStrategies(), list.strategiesText);
  } else if (trace !== undefined) show(await summarizeRecording(trace), list.recordingText);
  else show(list.listWorkloads(), list.workloadsText);
  return 0;
}

const program = new Command('gatag-bench')
  .description(
    'Compares designs for finding the IRTEs of a vCPU: the KVM/SVM AVIC and AMD IOMMU review of 2016, in numbers.',
  )
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

/** Runs a command and keeps its exit status. */
function exitWith<A extends unknown[]>(work: (...args: A) => Promise<number>) {
  return async (...args: A): Promise<void> => {
    process.exitCode = await work(...args);
  };
}

/** Adds a command. @param options - Those that the commands share, in the order of its help. */
function command(name: string, options: readonly (keyof typeof option)[], description: string): Command {
  const added = program.command(name).description(description);
  for (const one of options) added.addOption(option[one]);
  return added;
}

command(
  'bench',
  ['suite', 'strategy', 'workload', 'sweep', 'set', 'trace', 'processes', 'rounds', 'threads', 'seed', 'out'],
  'judge and time strategies on workloads, print a mail, and write a report',
).action(exitWith(async (words: Words) => (await import('./bench.js')).runBench(words)));

command(
  'verify',
  ['strategy', 'workload', 'set', 'trace', 'histories', 'schedules', 'memory', 'replay', 'seed', 'json'],
  'judge correctness on workloads, random histories and concurrent operations; workloads run on every host preset, or on that of --set preset',
).action(exitWith(async (words: Words) => (await import('./verify.js')).runVerify(words)));

command(
  'calibrate',
  ['trials', 'seed', 'out'],
  'measure how often the harness reports a difference that is not there, and how small a real one it finds',
).action(exitWith(runCalibrate));

command(
  'native',
  ['strategy', 'workload', 'set', 'trace', 'seed', 'out'],
  'write the C sources and their inputs (modelled hosts and operation streams) to a folder, and print the commands that run them under perf',
).action(exitWith(runNative));

command('report', [], 'write the report of a results.json again, beside it or to --out')
  .argument('<results.json>')
  .option('--out <dir>', 'folder for the report (default: that of the results)')
  .action(exitWith(runReport));

command('compare', [], 'compare two runs on the same machine and workloads, in C where both have it')
  .argument('<base.json>')
  .argument('<new.json>')
  .option('--force', 'compare runs on different machines, suites or file versions, and say so')
  .addOption(option.json)
  .action(
    exitWith(async (base: string, next: string, words: Words) =>
      (await import('./compare.js')).runCompare(base, next, words),
    ),
  );

command(
  'list',
  ['trace', 'json'],
  'list strategies, or workloads with their parameters; with --trace, describe a recording',
)
  .addArgument(program.createArgument('<what>', 'what to list').choices(['strategies', 'workloads']))
  .action(exitWith(runList));

// Output that nobody can read costs nothing else: the results and the status stay.
process.stderr.on('error', () => {});
process.stdout.once('error', ({ code }: NodeJS.ErrnoException) => {
  process.stdout.on('error', () => {});
  if (code !== 'EPIPE') console.error(`gatag-bench: stdout cannot be written: ${code}`);
});

/** Ends after an internal error. */
function leaveWith(error: unknown): never {
  console.error(neutralisedLines(inspect(error)));
  process.exit(UNDONE);
}
process.on('uncaughtException', leaveWith);

// A process that ends before its work is done has failed.
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
    warn(`gatag-bench: ${error.message}`);
    process.exitCode = error instanceof UsageError ? USAGE : UNDONE;
  } else {
    leaveWith(error);
  }
}
isDone = true;
