import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvParse } from 'd3-dsv';
import { renderCsv } from '../../src/reports/csv.js';
import { syntheticResults } from './synthetic-results.js';

test('there is one row for each sample, and it reads back as it was', () => {
  const results = { ...syntheticResults(), contention: null };
  const expected = results.cells.flatMap(({ workload, timing }) =>
    timing.series.flatMap(({ strategy, role, lane, fork, samples, collections }) =>
      samples.map((ns, round) => [workload, strategy, role, lane, fork, round, ns, collections[round]]),
    ),
  );
  const rows = csvParse(renderCsv(results)).map((row) => [
    row.workload,
    row.strategy,
    row.role,
    row.lane,
    Number(row.fork),
    Number(row.round),
    Number(row.ns_per_operation),
    Number(row.collections),
  ]);
  assert.deepEqual(rows, expected);
});

test('results without a sample give the head alone', () => {
  assert.equal(
    renderCsv({ ...syntheticResults(), cells: [], contention: null }),
    'workload,strategy,role,lane,fork,round,ns_per_operation,collections,threads,updates_per_second\n',
  );
});

test('there is one row for each run with threads, with what all threads did in a second', () => {
  const results = { ...syntheticResults(), cells: [] };
  const { contention } = results;
  assert.ok(contention);
  const expected = contention.series.flatMap(({ strategy, lane, fork, runs }) =>
    runs.map(({ threads, rates }, round) => [strategy, lane, fork, round, threads, sum(rates)]),
  );
  const rows = csvParse(renderCsv(results));
  assert.deepEqual(
    rows.map((row) => [
      row.strategy,
      row.lane,
      Number(row.fork),
      Number(row.round),
      Number(row.threads),
      Number(row.updates_per_second),
    ]),
    expected,
  );
  assert.ok(rows.every((row) => row.workload === 'contention' && row.ns_per_operation === ''));
});

function sum(rates: readonly number[]): number {
  return rates.reduce((total, rate) => total + rate, 0);
}
