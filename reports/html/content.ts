import type { Results } from '../../harness/results/results.js';
import type { Review } from '../debate/debate.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import type { DrawnChart } from './figure.js';

/** Everything that the page shows. Each section takes what it needs. */
export interface Content {
  readonly results: Results;
  readonly cells: readonly CellAnalysis[];
  readonly review: Review;
  /** Charts by name. */
  readonly charts: ReadonlyMap<string, DrawnChart>;
  /** The report in plain text. */
  readonly text: string;
}
