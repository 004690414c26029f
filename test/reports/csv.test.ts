import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvParse } from 'd3-dsv';
import { renderCsv } from '../../src/reports/csv.js';
import { syntheticResults } from './synthetic-results.js';

test('there is one row for each sample, and it reads back as it was', () => {
  const results = syntheticResults();
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
    renderCsv({ ...syntheticResults(), cells: [] }),
    'workload,strategy,role,lane,fork,round,ns_per_operation,collections\n',
  );
});
