// Every raw sample as a row, for anyone's own statistics: batches of one thread, and runs of several. A batch of a round that
// all took once more, as a process was disturbed in it, is marked `taken again` and is no sample; one that counts though
// its process was disturbed the second time too, is marked `stands`.
import { csvFormat } from 'd3-dsv';
import type { Results, Series } from '../harness/results/results.js';

const COLUMNS = [
  'workload',
  'strategy',
  'role',
  'lane',
  'process',
  'round',
  'ns_per_operation',
  'collections',
  'disturbed',
  'threads',
  'updates_per_second',
] as const;

/** The samples as CSV, void series included: what counts is decided later. */
export function renderCsv({ cells, contention }: Results): string {
  const samples = cells.flatMap(({ workload, timing }) =>
    timing.series.flatMap((series) =>
      batchesOf(series).map((batch) => ({
        workload,
        strategy: series.strategy,
        role: series.role,
        lane: series.lane,
        process: series.processNumber,
        ...batch,
        threads: 1,
        updates_per_second: '',
      })),
    ),
  );
  const runs = (contention?.series ?? []).flatMap(({ strategy, lane, processNumber, runs: own }) =>
    own.map(({ threads, rates }, round) => ({
      workload: contention?.workload.id,
      strategy,
      role: 'strategy',
      lane,
      process: processNumber,
      round,
      ns_per_operation: '',
      collections: '',
      disturbed: '',
      threads,
      updates_per_second: rates.reduce((sum, rate) => sum + rate, 0),
    })),
  );
  return `${csvFormat([...samples, ...runs], [...COLUMNS])}\n`;
}

/** The batches of a process in the order in which it ran them. */
function batchesOf({ samples, collections, disturbed, standing }: Series) {
  const stands = new Set(standing.map(({ round }) => round));
  const takenAgain = disturbed.map(({ round, ns, collections: during }) => ({
    round,
    ns_per_operation: ns,
    collections: during,
    disturbed: 'taken again',
  }));
  const counting = samples.map((ns, round) => ({
    round,
    ns_per_operation: ns,
    collections: collections[round] ?? '',
    disturbed: stands.has(round) ? 'stands' : '',
  }));
  return [...takenAgain, ...counting].sort((one, other) => one.round - other.round);
}
