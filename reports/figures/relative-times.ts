// Times relative to the baseline, or to the best design of each workload if there are enough processes to name one.
import type { Results } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import type { NumberTable } from '../words/number-table.js';
import { type CellAnalysis, FLOOR, isWrong } from './cell-analysis.js';

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

/**
 * The baseline that all workloads have in common; null if each has its own, the best right design. Ratios of one table
 * must compare, so one workload with too few processes to name its best design means the run's baseline everywhere.
 */
export function commonBaseline({ run }: Results, cells: readonly CellAnalysis[]): string | null {
  return cells.every(({ cell }) => carriesVerdict(cell.timing.processes)) ? null : run.baseline;
}

/** All strategies on a workload. @param baseline - The result of {@link commonBaseline}. */
export function relativeTimes(
  { strategies }: Results,
  cell: CellAnalysis,
  baseline: string | null,
): RelativeTime[] {
  const timeOf = (id: string) => cell.nanoseconds.get(id)?.over.estimate ?? null;
  const right = strategies.flatMap(({ id }) => (id === FLOOR || isWrong(cell, id) ? [] : (timeOf(id) ?? [])));
  const best = right.length === 0 ? null : Math.min(...right);
  const unit = baseline === null ? best : timeOf(baseline);
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
  const baseline = commonBaseline(results, cells);
  const columns = cells.map((cell) => relativeTimes(results, cell, baseline));
  return {
    caption:
      `ns per operation / that of ${baseline ?? 'the best design that is right there'}, V8 model; wrong: wrong answers ` +
      'there',
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
