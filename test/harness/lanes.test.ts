import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareLanes, kendallsTau } from '../../src/harness/lanes.js';
import type { Cell } from '../../src/harness/results.js';
import { syntheticResults } from '../reports/synthetic-results.js';

const results = syntheticResults();
const [pinned, , recorded] = results.cells as [Cell, Cell, Cell];

test('a lane of C is compared with V8 process by process', () => {
  const lanes = compareLanes(results, pinned);
  const ratios = new Map(lanes?.strategies.map(({ strategy, v8OverC }) => [strategy, v8OverC.estimate]));
  // As they were made: half of the time in C, and the floor twice as much.
  assert.ok(Math.abs((ratios.get('ir-data-pointer') as number) - 2) < 0.1);
  assert.ok(Math.abs((ratios.get('floor') as number) - 0.5) < 0.05);
});

test('pairs that C tells apart agree unless V8 has them in another order', () => {
  const pairs = compareLanes(results, pinned)?.pairs ?? [];
  const disagreeing = pairs.filter(({ agrees }) => !agrees);
  assert.ok(disagreeing.length > 0);
  assert.ok(disagreeing.every(({ slower }) => slower === 'floor'));
  assert.ok(pairs.every(({ inC }) => inC.estimate < 1 / 1.1));
  const between = pairs.filter(({ faster, slower }) => faster !== 'floor' && slower !== 'floor');
  assert.ok(between.length > 0);
  assert.equal(kendallsTau(between), 1);
});

test('two designs that are alike in C are no pair', () => {
  const pairs = compareLanes(results, pinned)?.pairs ?? [];
  const names = pairs.map(({ faster, slower }) => [faster, slower].sort().join());
  assert.ok(!names.includes('split-id-hash,wide-vm-id-hash'));
});

test('tau is 1 for agreement on all pairs, -1 on none, 0 on half of them, and nothing of no pair', () => {
  const pairs = (...agreements: boolean[]) => agreements.map((agrees) => ({ agrees }));
  assert.equal(kendallsTau(pairs(true, true)), 1);
  assert.equal(kendallsTau(pairs(false, false, false)), -1);
  assert.equal(kendallsTau(pairs(true, false)), 0);
  assert.equal(kendallsTau([]), null);
});

test('a cell without a lane of C has nothing to compare', () => {
  assert.equal(compareLanes(results, recorded), null);
});

test('a process in C whose memory is not that of V8 is void, and so is its design in C', () => {
  const broken = structuredClone(pinned);
  for (const series of broken.timing.series) {
    if (series.strategy === 'floor' && series.lane === 'c') series.digestMatches = false;
  }
  const named = compareLanes(results, broken)?.strategies.map(({ strategy }) => strategy);
  assert.ok(named && !named.includes('floor') && named.includes('merged-6.17'));
});
