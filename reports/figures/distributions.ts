// The distribution and the sequence of a workload's batches, which a mean with its interval hides.
import { quantileSorted } from 'simple-statistics';
import { seriesOf } from '../../harness/results/comparison.js';
import type { Results } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { nanosecondsText } from '../words/wording.js';
import type { CellAnalysis } from './cell-analysis.js';

/** The timed batches of a strategy in V8. */
export interface BatchTimes {
  readonly strategy: string;
  readonly processes: readonly { readonly processNumber: number; readonly samples: readonly number[] }[];
}

/** The batches of every strategy with a valid timing. */
export function batchTimes({ strategies }: Results, { cell, nanoseconds }: CellAnalysis): BatchTimes[] {
  return strategies
    .filter(({ id }) => nanoseconds.has(id))
    .map(({ id }) => ({ strategy: id, processes: [...seriesOf(cell, id, 'v8').values()] }));
}

/** All batches of a strategy in ascending order. */
export function sortedTimes({ processes }: BatchTimes): number[] {
  return processes.flatMap(({ samples }) => samples).sort((a, b) => a - b);
}

const QUANTILES = [
  ['least', 0],
  ['p10', 0.1],
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['greatest', 1],
] as const;

/** Quantiles of the batches. */
export function distributionTable(cell: CellAnalysis, times: readonly BatchTimes[]): NumberTable {
  return {
    caption: `${cell.workload.id}: ns per operation of single batches, V8 model, over all processes and rounds`,
    head: ['strategy', ...QUANTILES.map(([name]) => name)],
    rows: times.map((one) => {
      const sorted = sortedTimes(one);
      return [one.strategy, ...QUANTILES.map(([, part]) => nanosecondsText(quantileSorted(sorted, part)))];
    }),
  };
}

/** The median of each process. */
export function processTable({ workload, cell, nanoseconds }: CellAnalysis): NumberTable {
  return {
    caption: `${workload.id}: ns per operation, V8 model, median of the rounds of each process`,
    head: ['strategy', ...Array.from({ length: cell.timing.processes }, (_, index) => `process ${index}`)],
    rows: [...nanoseconds].map(([strategy, { processes }]) => [strategy, ...processes.map(nanosecondsText)]),
  };
}
