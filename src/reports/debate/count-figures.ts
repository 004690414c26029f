// Counts as figures.
import type { Results, WorkSummary } from '../../harness/results.js';
import { loadWork, type SurveyedCell } from '../survey.js';
import { countedRows, type Figure } from './answer.js';

/** What a load of some strategies touches, in the first workload in which all of them were counted. */
export function loadFigures(
  results: Results,
  cells: readonly SurveyedCell[],
  strategies: readonly string[],
): Figure[] {
  const cell = cells.find((candidate) => strategies.every((id) => loadWork(candidate, id) !== null));
  if (cell === undefined) return [];
  const beside = (count: (work: WorkSummary) => number) =>
    strategies.map((id) => meanText(count(loadWork(cell, id) as WorkSummary))).join(' / ');
  return [
    {
      text:
        `a load on ${cell.workload.id}, ${strategies.join(' / ')}: lines ${beside(({ lines }) => lines.mean)}, ` +
        `words ${beside(({ loads, stores }) => loads.mean + stores.mean)}, locks ${beside(({ locks }) => locks.mean)}, ` +
        `chain ${beside(({ chain }) => chain.mean)}, counted`,
      place: `counted-${cell.workload.id}`,
      rows: strategies.flatMap((id) => countedRows(results, cell.workload.id, id, 'load')),
    },
  ];
}

/** A mean of counts, which for the most part is a count. */
export function meanText(mean: number): string {
  return String(Number(mean.toFixed(1)));
}
