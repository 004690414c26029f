// Counted work as figures: an operation of some designs, side by side.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, WorkSummary } from '../../harness/results/results.js';
import { type CellAnalysis, workOf } from '../figures/cell-analysis.js';
import { MEAN_COUNTS } from '../figures/counted-work.js';
import { meanText } from '../words/wording.js';
import type { Figure } from './answer.js';
import { countedRows } from './rows.js';

/** The counts of an operation on the first workload where all of the designs were counted; none without one. */
export function countFigures(
  results: Results,
  cells: readonly CellAnalysis[],
  verb: CountedVerb,
  strategies: readonly string[],
  metrics: readonly (keyof typeof MEAN_COUNTS)[],
): Figure[] {
  const cell = cells.find((candidate) => strategies.every((id) => workOf(candidate, id, verb) !== null));
  if (cell === undefined) return [];
  const { id: workload } = cell.workload;
  const works = strategies.map((id) => workOf(cell, id, verb) as WorkSummary);
  const counts = metrics.map(
    (metric) => `${metric} ${works.map((work) => meanText(MEAN_COUNTS[metric](work))).join(' / ')}`,
  );
  const article = verb === 'unroute' ? 'an' : 'a';
  return [
    {
      text: `${article} ${verb} on ${workload}, ${strategies.join(' / ')}: ${counts.join(', ')}, counted`,
      place: `counted-${workload}`,
      rows: strategies.flatMap((id) => countedRows(results, workload, id, verb)),
    },
  ];
}
