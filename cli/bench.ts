// gatag-bench bench
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BASELINE } from '../harness/method.js';
import { changesAfterWarmUp, compareCell } from '../harness/results/comparison.js';
import { runsOnOtherHosts } from '../harness/results/other-hosts.js';
import { LANES, type Lane, type Results, resultsSchema } from '../harness/results/results.js';
import { bench } from '../harness/run.js';
import { disturbedText } from '../reports/sections/setup.js';
import { renderMail } from '../reports/text/mail.js';
import { undoneLines } from '../reports/words/undone.js';
import { writeReport, writeResults } from '../reports/write.js';
import { print, statusOf, type Words, warn, withProgress } from './command.js';
import { hasFailure } from './outcome.js';
import { makeOutputDirectory } from './output-directory.js';
import { benchPlan, choiceOf, chosenStrategies } from './settings.js';

const inLane = (lane: Lane): string => (lane === 'c' ? ' in C' : '');

/** Warns on stderr of unreliable cells, unsteady strategies and disturbed rounds, and says what was not run in C. */
function warnOfTiming(results: Results): void {
  for (const run of [results, ...runsOnOtherHosts(results)]) warnOfCells(run);
  for (const { parameters, recording } of results.workloads) {
    // What the shipped recording lacks is known.
    const warnings = parameters.trace === '' ? [] : (recording?.warnings ?? []);
    for (const warning of warnings) warn(`warning: ${warning}`);
  }
  const disturbed = disturbedText(results);
  if (disturbed !== '') warn(`warning: ${disturbed}`);
  const { noNative } = results.run;
  if (noNative !== null) warn(`nothing was timed in C: ${noNative}`);
}

function warnOfCells(results: Results): void {
  for (const cell of results.cells) {
    for (const lane of LANES) {
      const { control } = compareCell(results, cell, results.run.baseline, lane);
      if (!control?.unreliable) continue;
      const { low, high } = control.ratio;
      const interval = `${low.toFixed(3)} to ${high.toFixed(3)}`;
      warn(`warning: ${cell.workload} is unreliable${inLane(lane)}: its A/A ratio is ${interval}`);
    }
    for (const { strategy, lane, ratio } of changesAfterWarmUp(results, cell)) {
      const who = `${strategy} on ${cell.workload}${inLane(lane)}`;
      warn(`warning: ${who} was not steady after its warm-up: ${ratio.estimate.toFixed(3)}`);
    }
  }
}

/** Warns on stderr if there are more threads than CPUs. */
function warnOfThreads(threads: number | null): void {
  const cpus = availableParallelism();
  if (threads === null || threads <= cpus) return;
  warn(
    `warning: ${threads} threads on ${cpus} CPUs: this measures threads that are preempted while they hold a lock`,
  );
}

/** Judges and times strategies, and writes the report. @returns The exit status. */
export async function runBench(words: Words): Promise<number> {
  const choice = choiceOf(words);
  const plan = benchPlan(choice);
  warnOfThreads(plan.threads);
  // The baseline always takes part, because ratios need it.
  const strategies = await withProgress(({ note }) => chosenStrategies(choice, note, [BASELINE]));
  const directory = await makeOutputDirectory(choice.out);
  const results = await withProgress((progress) => bench({ ...plan, strategies }, progress));
  // The results come first: nothing that follows may lose them, not even a flaw in them.
  await directory.save((folder) => writeResults(results, folder));
  resultsSchema.parse(results);
  await directory.save((folder) => writeReport(results, folder));
  print(renderMail(results));
  warnOfTiming(results);
  for (const line of undoneLines(results.undone)) warn(line);
  await directory.publish();
  console.error(`report: ${join(directory.path, 'report.html')}`);
  return statusOf(hasFailure(results), results.undone);
}
