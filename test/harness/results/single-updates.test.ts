import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Results, SinglePoint } from '../../../harness/results/results.js';
import { compareSingleUpdates, voidSingleUpdates } from '../../../harness/results/single-updates.js';
import { syntheticResults } from '../../reports/synthetic-results.js';

const compared = (results: Results, caches: 'hot' | 'cold', figure: 'medianNs' | 'p99Ns') =>
  compareSingleUpdates(results, results.singleUpdates.points[0] as SinglePoint, caches, figure);

test('each strategy has its time and its ratio to the baseline, process by process', () => {
  const results = syntheticResults();
  for (const caches of ['hot', 'cold'] as const) {
    const [medians, tails] = (['medianNs', 'p99Ns'] as const).map((figure) =>
      compared(results, caches, figure),
    );
    assert.ok(medians && tails);
    for (const [index, { strategy, role, ns, ratio }] of medians.entries()) {
      assert.ok(Math.abs((tails[index]?.ns.estimate ?? 0) / ns.estimate - 1.4) < 1e-9);
      assert.equal(ns.n, 6);
      if (role === 'strategy' && strategy === results.run.baseline) assert.equal(ratio, null);
      else assert.ok(ratio && ratio.low <= ratio.estimate && ratio.estimate <= ratio.high);
    }
    const hash = medians.find(({ strategy }) => strategy === 'opaque-tag-hash')?.ratio?.estimate ?? 0;
    assert.ok(Math.abs(hash - 2) < 0.1, String(hash));
    const twin = medians.find(({ role }) => role === 'twin')?.ratio;
    assert.ok(twin && twin.low <= 1 && twin.high >= 1);
  }
});

test('a void process makes its strategy void, and a void baseline leaves times without ratios', () => {
  const results = syntheticResults();
  assert.deepEqual(voidSingleUpdates(results), []);
  for (const { strategies } of results.singleUpdates.points) {
    for (const { strategy, role, processes } of strategies) {
      if (strategy === 'floor')
        Object.assign(processes[1] ?? {}, { error: 'it broke', hot: null, cold: null });
      if (strategy === 'ir-data-pointer' && role === 'strategy') {
        Object.assign(processes[2] ?? {}, { digestMatches: false });
      }
    }
  }
  assert.deepEqual(voidSingleUpdates(results), [
    { strategy: 'ir-data-pointer', reason: 'process 2 ended with memory other than that of V8' },
    { strategy: 'floor', reason: 'it broke' },
  ]);
  const rows = compared(results, 'cold', 'medianNs');
  assert.ok(!rows.some(({ strategy }) => strategy === 'floor'));
  assert.ok(rows.every(({ ratio }) => ratio === null));
  assert.ok(rows.some(({ role }) => role === 'twin'));
});
