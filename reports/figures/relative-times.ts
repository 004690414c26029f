// Times relative to the baseline of the run.
import type { Results } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { type CellAnalysis, isWrong } from './cell-analysis.js';

/** A strategy on a workload. */
export interface RelativeTime {
  readonly strategy: string;
  readonly workload: string;
  /** ns per operation; null if the timing is void. */
  readonly nanoseconds: number | null;
  /** Null if either timing is void. */
  readonly ratio: number | null;
  readonly isWrong: boolean;
}

/** All strategies on a workload. */
export function relativeTimes({ strategies, run }: Results, cell: CellAnalysis): RelativeTime[] {
  const timeOf = (id: string) => cell.nanoseconds.get(id)?.over.estimate ?? null;
  const unit = timeOf(run.baseline);
  return strategies.map(({ id }) => {
    const nanoseconds = timeOf(id);
    return {
      strategy: id,
      workload: cell.workload.id,
      nanoseconds,
      ratio: nanoseconds === null || unit === null ? null : nanoseconds / unit,
      isWrong: isWrong(cell, id),
    };
  });
}

/** The lines of text in a field of the heat map. */
export function relativeTimeLines({ ratio, isWrong }: RelativeTime): string[] {
  if (ratio === null) return ['void'];
  const figure = ratio < 9.995 ? ratio.toFixed(2) : ratio < 99.95 ? ratio.toFixed(1) : ratio.toFixed(0);
  return isWrong ? [figure, 'wrong'] : [figure];
}

/** Strategies by workloads. */
export function relativeTimeTable(results: Results, cells: readonly CellAnalysis[]): NumberTable {
  const columns = cells.map((cell) => relativeTimes(results, cell));
  return {
    caption: `ns per operation / ns of ${results.run.baseline}, V8 model; wrong: wrong answers there`,
    head: ['strategy', ...cells.map(workloadLabel)],
    rows: results.strategies.map(({ id }, row) => [
      id,
      ...columns.map((times) => relativeTimeLines(times[row] as RelativeTime).join(' ')),
    ]),
  };
}

/** A workload's name, marked if its A/A control is unreliable. */
export function workloadLabel({ workload, comparison }: CellAnalysis): string {
  return comparison.control?.unreliable ? `${workload.id} (A/A unreliable)` : workload.id;
}
