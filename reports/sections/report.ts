// What all sections of a report are made of.
import type { Results } from '../../harness/results/results.js';
import { analyseCells, type CellAnalysis } from '../figures/analysis.js';
import { type FrontTable, frontTable } from '../figures/front-table.js';
import { type Answer, reviewOf } from './review.js';

/** The analysed results of a run. */
export interface Report {
  readonly results: Results;
  readonly cells: readonly CellAnalysis[];
  readonly front: FrontTable;
  readonly answers: readonly Answer[];
}

/** Analyses results. */
export function reportOf(results: Results): Report {
  const cells = analyseCells(results);
  return { results, cells, front: frontTable(results, cells), answers: reviewOf(results, cells) };
}
