import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvParse } from 'd3-dsv';
import { renderCsv } from '../../reports/csv.js';
import { syntheticResults } from './synthetic-results.js';

test('each sample has a row that parses back to its values', () => {
  const results = { ...syntheticResults(), contention: null };
  const expected = results.cells.flatMap(({ workload, timing }) =>
    timing.series.flatMap(({ strategy, role, lane, processNumber, samples, collections }) =>
      samples.map((ns, round) => [
        workload,
        strategy,
        role,
        lane,
        processNumber,
        round,
        ns,
        collections[round],
      ]),
    ),
  );
  const samples = csvParse(renderCsv(results)).filter(({ disturbed }) => disturbed !== 'taken again');
  const rows = samples.map((row) => [
    row.workload,
    row.strategy,
    row.role,
    row.lane,
    Number(row.process),
    Number(row.round),
    Number(row.ns_per_operation),
    Number(row.collections),
  ]);
  assert.deepEqual(rows, expected);
});

test('a batch that was taken again has a marked row before the row that counts', () => {
  const rows = csvParse(renderCsv({ ...syntheticResults(), contention: null }));
  const roundOf = (strategy: string, role: string) =>
    rows
      .filter((row) => row.workload === 'beyond-255-vms' && row.lane === 'v8' && row.role === role)
      .filter((row) => row.strategy === strategy && row.process === '2' && row.round === '3')
      .map(({ disturbed }) => disturbed);
  assert.deepEqual(roundOf('floor', 'strategy'), ['taken again', 'stands']);
  assert.deepEqual(roundOf('ir-data-pointer', 'twin'), ['taken again', '']);
  assert.equal(rows.filter(({ disturbed }) => disturbed === 'stands').length, 1);
});

test('results without samples give only the head', () => {
  assert.equal(
    renderCsv({ ...syntheticResults(), cells: [], contention: null }),
    'workload,strategy,role,lane,process,round,ns_per_operation,collections,disturbed,threads,updates_per_second,pointer_bytes\n',
  );
});

test('each run with threads has a row with the rate of all threads', () => {
  const results = { ...syntheticResults(), cells: [] };
  const { contention } = results;
  assert.ok(contention);
  const expected = contention.series.flatMap(({ strategy, lane, processNumber, runs }) =>
    runs.map(({ threads, rates }, round) => [strategy, lane, processNumber, round, threads, sum(rates)]),
  );
  const rows = csvParse(renderCsv(results));
  assert.deepEqual(
    rows.map((row) => [
      row.strategy,
      row.lane,
      Number(row.process),
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
