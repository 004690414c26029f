// Counts as figures: what an operation of some designs does, beside each other.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results } from '../../harness/results/results.js';
import { type CellAnalysis, workOf } from '../figures/cell-analysis.js';
import { MEAN_COUNTS } from '../figures/counted-work.js';
import { countedRows, type Figure } from './answer.js';

/** Means of the operations of a verb in the first of some workloads in which it was counted of all designs; else none. */
export function countFigures(
  results: Results,
  cells: readonly CellAnalysis[],
  verb: CountedVerb,
  strategies: readonly string[],
  metrics: readonly (keyof typeof MEAN_COUNTS)[],
): Figure[] {
  for (const cell of cells) {
    const works = strategies.flatMap((id) => workOf(cell, id, verb) ?? []);
    if (works.length < strategies.length) continue;
    const { id: workload } = cell.workload;
    const counts = metrics.map(
      (metric) => `${metric} ${works.map((work) => meanText(MEAN_COUNTS[metric](work))).join(' / ')}`,
    );
    return [
      {
        text: `${verb === 'unroute' ? 'an' : 'a'} ${verb} on ${workload}, ${strategies.join(' / ')}: ${counts.join(', ')}, counted`,
        place: `counted-${workload}`,
        rows: strategies.flatMap((id) => countedRows(results, workload, id, verb)),
      },
    ];
  }
  return [];
}

/** A mean of counts, which for the most part is a count. */
export function meanText(mean: number): string {
  return String(Number(mean.toFixed(1)));
}
