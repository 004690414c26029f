// A cell while it is timed: it is sized, its sets of processes run one by one, and untimed runs check their digests.

import type { Prepared } from '../plan/prepare.js';
import type { ProcessCounts, Progress, RunPlan } from '../plan/run-plan.js';
import { STEP_SECONDS, timingSeconds, weighted } from '../plan/step-costs.js';
import type { Timing, Undone } from '../results/results.js';
import { type CellPlan, type EndedSeries, prepareCell, runSet, setsOf, undoneOf } from './cell-runner.js';
import { judgedSeries, runReferences } from './references.js';

/** The choices with which a cell is timed. */
interface Choices {
  readonly baseline: string;
  readonly processes: ProcessCounts;
  readonly rounds: number;
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

/** The timing of a cell. */
export class TimedCell {
  readonly #plan: CellPlan;
  readonly #ended: EndedSeries[] = [];
  #timing: Timing;

  private constructor(plan: CellPlan, timing: Timing) {
    this.#plan = plan;
    this.#timing = timing;
  }

  /** Sizes the batch. */
  static async open(plan: CellPlan, progress: Progress): Promise<TimedCell> {
    const protocol = await prepareCell(plan, weighted(progress, STEP_SECONDS.sizing));
    return new TimedCell(plan, { processes: 0, ...protocol, references: [], series: [] });
  }

  /** The sets of processes that it has. */
  get sets(): number {
    return setsOf(this.#plan.processes);
  }

  /** Runs the set of processes with this number, if the cell has one. */
  async runSet(processNumber: number, progress: Progress): Promise<void> {
    if (processNumber >= this.sets) return;
    this.#ended.push(...(await runSet(this.#plan, this.#timing, processNumber, progress.note)));
    this.#timing = { ...this.#timing, processes: processNumber + 1 };
    const { strategies, processes, rounds, where } = this.#plan;
    const seconds = strategies.length * timingSeconds(processes, rounds);
    progress.advance(`timing ${where}, process ${processNumber + 1}`, seconds / this.sets);
  }

  /** Runs each strategy untimed and compares the digests. @returns The timing, and what the machine prevented. */
  async finish(progress: Progress): Promise<{ readonly timing: Timing; readonly undone: Undone[] }> {
    const { where } = this.#plan;
    const ofStrategy = weighted(progress, STEP_SECONDS.reference);
    const references = await runReferences(this.#plan, this.#ended, ofStrategy);
    const failed = references.flatMap(({ strategy, error }) =>
      error === null ? [] : [{ strategy, where, what: 'timed' as const, reason: error }],
    );
    return {
      timing: { ...this.#timing, references, series: judgedSeries(this.#ended, references) },
      undone: [...undoneOf(this.#ended, where, 'timed'), ...failed],
    };
  }
}
