// Times beside the best of their workload, or beside the baseline where processes are too few to name a best.
import type { Results } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import type { NumberTable } from '../words/number-table.js';
import { FLOOR, isWrong, type SurveyedCell } from './survey.js';

/** A strategy in a workload. */
export interface NormalisedTime {
  readonly strategy: string;
  readonly workload: string;
  /** ns per operation; null where the timing is void. */
  readonly nanoseconds: number | null;
  /** To the yardstick's time; null where that or its own is void. */
  readonly ratio: number | null;
  readonly isWrong: boolean;
}

/**
 * The design that times are put beside, the same in all workloads so that their ratios are of one kind: the baseline; or
 * null for the best of each workload that is right there, the floor being none, where all have the processes to name one.
 */
export function yardstickOf({ run }: Results, cells: readonly SurveyedCell[]): string | null {
  return cells.every(({ cell }) => carriesVerdict(cell.timing.processes)) ? null : run.baseline;
}

/** All strategies in a workload. @param yardstick - As {@link yardstickOf} gives it. */
export function normalisedTimes(
  { strategies }: Results,
  cell: SurveyedCell,
  yardstick: string | null,
): NormalisedTime[] {
  const times = strategies.map(({ id }) => ({
    strategy: id,
    workload: cell.workload.id,
    nanoseconds: cell.nanoseconds.get(id)?.over.estimate ?? null,
    isWrong: isWrong(cell, id),
  }));
  const right = times.flatMap(({ strategy, nanoseconds, isWrong }) =>
    strategy === FLOOR || isWrong || nanoseconds === null ? [] : [nanoseconds],
  );
  const best = right.length === 0 ? null : Math.min(...right);
  const unit = yardstick === null ? best : (cell.nanoseconds.get(yardstick)?.over.estimate ?? null);
  return times.map((time) => ({
    ...time,
    ratio: time.nanoseconds === null || unit === null ? null : time.nanoseconds / unit,
  }));
}

/** What stands in a cell, line by line. */
export function normalisedLines({ ratio, isWrong }: NormalisedTime): string[] {
  if (ratio === null) return ['void'];
  const figure = ratio < 9.995 ? ratio.toFixed(2) : ratio < 99.95 ? ratio.toFixed(1) : ratio.toFixed(0);
  return isWrong ? [figure, 'wrong'] : [figure];
}

/** Strategies by workloads. */
export function normalisedTable(results: Results, cells: readonly SurveyedCell[]): NumberTable {
  const yardstick = yardstickOf(results, cells);
  const columns = cells.map((cell) => normalisedTimes(results, cell, yardstick));
  return {
    caption:
      `ns per operation / that of ${yardstick ?? 'the best design that is right there'}, V8 model; wrong: wrong answers ` +
      'there',
    head: ['strategy', ...cells.map(workloadLabel)],
    rows: results.strategies.map(({ id }, row) => [
      id,
      ...columns.map((times) => normalisedLines(times[row] as NormalisedTime).join(' ')),
    ]),
  };
}

/** A workload's name, with a mark where its control says that no ratio is to be trusted. */
export function workloadLabel({ workload, comparison }: SurveyedCell): string {
  return comparison.control?.unreliable ? `${workload.id} (A/A unreliable)` : workload.id;
}
