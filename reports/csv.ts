// One row for each raw sample, for a reader's own statistics: the batches of the timed processes, and the runs with
// threads. The column `disturbed` marks a batch that was `taken again` and is no sample, because a process was disturbed
// in its round. It also marks a batch that `stands`, although its process was disturbed in the repeated round too.
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
  'pointer_bytes',
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string | number | undefined>>;

/** The samples as CSV. It includes void series, so that the reader decides about them. */
export function renderCsv({ host, cells, otherHosts, contention }: Results): string {
  const placed = [{ host, cells }, ...otherHosts].flatMap((one) =>
    one.cells.map((cell) => ({ ...cell, pointerBytes: one.host.pointerBytes })),
  );
  const samples = placed.flatMap(({ workload, timing, pointerBytes }) =>
    timing.series.flatMap((series): Row[] => {
      const { strategy, role, lane, processNumber: process } = series;
      return batchesOf(series).map((batch) => ({
        workload,
        strategy,
        role,
        lane,
        process,
        ...batch,
        threads: 1,
        pointer_bytes: pointerBytes,
      }));
    }),
  );
  const runs = (contention?.series ?? []).flatMap(({ strategy, lane, processNumber: process, runs: own }) =>
    own.map(
      ({ threads, rates }, round): Row => ({
        workload: contention?.workload.id,
        strategy,
        role: 'strategy',
        lane,
        process,
        round,
        threads,
        pointer_bytes: host.pointerBytes,
        updates_per_second: rates.reduce((sum, rate) => sum + rate, 0),
      }),
    ),
  );
  return `${csvFormat([...samples, ...runs], [...COLUMNS])}\n`;
}

/** The batches of a process in the order in which they ran. */
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
