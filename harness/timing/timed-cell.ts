// A cell while it is timed: it is sized, its sets of processes run one by one, and untimed runs check their digests.

import type { Prepared } from '../plan/prepare.js';
import type { Progress, RunPlan } from '../plan/run-plan.js';
import { STEP_SECONDS, timingSeconds, weighted } from '../plan/step-costs.js';
import type { Timing, Undone } from '../results/results.js';
import { type CellPlan, type EndedSeries, prepareCell, runSet, setsOf, undoneOf } from './cell-runner.js';
import { judgedSeries, runReferences } from './references.js';

/** The choices with which a cell is timed. */
interface Choices extends Pick<CellPlan, 'baseline' | 'processes' | 'rounds'> {
  /** Path of the program in C by strategy. */
  readonly programs?: ReadonlyMap<string, string>;
}

/** How the strategies of a plan are timed on one of its workloads. */
export function cellPlanOf(
  { strategies, seed }: RunPlan,
  { info, host, stream, streamFile, jobFiles }: Prepared,
  { programs = new Map(), ...choices }: Choices,
): CellPlan {
  return {
    where: info.id,
    strategies: strategies.map(({ strategy: { id } }, index) => ({
      id,
      jobFile: jobFiles[index] as string,
      program: programs.get(id) ?? null,
    })),
    stream: streamFile,
    host,
    ...choices,
    operationsPerWindow: stream.windowOperations,
    seed,
  };
}

/** A cell that is being timed. */
export type TimedCell = Awaited<ReturnType<typeof openTimedCell>>;

/** Begins to time a cell: sizes its batch. */
export async function openTimedCell(plan: CellPlan, progress: Progress) {
  const { strategies, processes, rounds, where } = plan;
  const protocol = await prepareCell(plan, weighted(progress, STEP_SECONDS.sizing));
  const sets = setsOf(processes);
  const ended: EndedSeries[] = [];
  let setsRun = 0;
  return {
    /** The sets of processes that it has. */
    sets,
    /** Runs the set of processes with this number, if the cell has one. */
    async runSet(processNumber: number): Promise<void> {
      if (processNumber >= sets) return;
      ended.push(...(await runSet(plan, protocol, processNumber, progress.note)));
      setsRun = processNumber + 1;
      const seconds = strategies.length * timingSeconds(processes, rounds);
      progress.advance(`timing ${where}, process ${setsRun}`, seconds / sets);
    },
    /** Runs each strategy untimed and compares the digests. @returns The timing, and what the machine prevented. */
    async finish(): Promise<{ readonly timing: Timing; readonly undone: Undone[] }> {
      const references = await runReferences(plan, ended, weighted(progress, STEP_SECONDS.reference));
      const untimed = references.map((reference) => ({ ...reference, isOfMachine: true }));
      return {
        timing: { processes: setsRun, ...protocol, references, series: judgedSeries(ended, references) },
        undone: undoneOf([...ended, ...untimed], where, 'timed'),
      };
    },
  };
}
