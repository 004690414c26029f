// Every raw sample as a row, for anyone's own statistics: batches of one thread, and runs of several.
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
  'threads',
  'updates_per_second',
] as const;

/** The samples as CSV, void series included: what counts is decided later. */
export function renderCsv({ cells, contention }: Results): string {
  const samples = cells.flatMap(({ workload, timing }) =>
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
        threads: 1,
        updates_per_second: '',
      })),
    ),
  );
  const runs = (contention?.series ?? []).flatMap(({ strategy, lane, fork, runs: own }) =>
    own.map(({ threads, rates }, round) => ({
      workload: contention?.workload.id,
      strategy,
      role: 'strategy',
      lane,
      fork,
      round,
      ns_per_operation: '',
      collections: '',
      threads,
      updates_per_second: rates.reduce((sum, rate) => sum + rate, 0),
    })),
  );
  return `${csvFormat([...samples, ...runs], [...COLUMNS])}\n`;
}
