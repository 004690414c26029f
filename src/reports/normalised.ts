// Times beside the best of their workload: which design is how far behind where.
import type { Results } from '../harness/results.js';
import type { NumberTable } from './number-table.js';
import { FLOOR, isWrong, type SurveyedCell } from './survey.js';

/** A strategy in a workload. */
export interface NormalisedTime {
  readonly strategy: string;
  readonly workload: string;
  /** ns per operation; null where the timing is void. */
  readonly nanoseconds: number | null;
  /** To the best design that is right, the floor being none; null where there is none, or the timing is void. */
  readonly ratio: number | null;
  readonly isWrong: boolean;
}

/** All strategies in a workload. */
export function normalisedTimes({ strategies }: Results, cell: SurveyedCell): NormalisedTime[] {
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
  return times.map((time) => ({
    ...time,
    ratio: time.nanoseconds === null || best === null ? null : time.nanoseconds / best,
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
  const columns = cells.map((cell) => normalisedTimes(results, cell));
  return {
    caption:
      'ns per operation / that of the best design that is right there, V8 model; wrong: wrong answers there',
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
