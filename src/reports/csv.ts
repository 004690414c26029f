// Every raw sample as a row, for anyone's own statistics.
import { csvFormat } from 'd3-dsv';
import type { Results } from '../harness/results.js';

const COLUMNS = [
  'workload',
  'strategy',
  'role',
  'lane',
  'fork',
  'round',
  'ns_per_operation',
  'collections',
] as const;

/** The samples as CSV, void series included: what counts is decided later. */
export function renderCsv({ cells }: Results): string {
  const rows = cells.flatMap(({ workload, timing }) =>
    timing.series.flatMap(({ strategy, role, lane, fork, samples, collections }) =>
      samples.map((ns, round) => ({
        workload,
        strategy,
        role,
        lane,
        fork,
        round,
        ns_per_operation: ns,
        collections: collections[round] ?? '',
      })),
    ),
  );
  return `${csvFormat(rows, [...COLUMNS])}\n`;
}
