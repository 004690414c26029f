import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compareLanes,
  contradicts,
  isToldApart,
  kendallsTau,
  type LanedPair,
} from '../../../harness/results/lanes.js';
import type { Cell } from '../../../harness/results/results.js';
import { syntheticResults } from '../../reports/synthetic-results.js';

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
  const pairs = compareLanes(results, pinned)?.pairs.filter(isToldApart) ?? [];
  const [withFloor, others] = [true, false].map((isFloor) =>
    pairs.filter(({ one, other }) => [one, other].includes('floor') === isFloor),
  ) as [LanedPair[], LanedPair[]];
  assert.ok(withFloor.length > 0 && others.length > 0);
  assert.equal(kendallsTau(others), 1);
  assert.equal(kendallsTau(withFloor.filter(({ one }) => one.endsWith('pointer'))), -1);
  assert.ok(withFloor.some((pair) => contradicts(pair, 0.03)));
  assert.ok(!others.some((pair) => contradicts(pair, 0.03)));
});

test('two designs that are alike in C are not told apart', () => {
  const pairs = compareLanes(results, pinned)?.pairs.filter(isToldApart) ?? [];
  assert.ok(!pairs.some(({ one, other }) => one === 'split-id-hash' && other === 'wide-vm-id-hash'));
});

/** A pair whose ratio is so much in C and in V8, give or take a hundredth, of so many processes. */
function pairOf(inC: number, inV8: number, inCOf = 5, inV8Of = 5): LanedPair {
  const around = (estimate: number, n: number) => ({
    estimate,
    low: estimate * 0.99,
    high: estimate * 1.01,
    n,
  });
  return { one: 'a', other: 'b', inC: around(inC, inCOf), inV8: around(inV8, inV8Of) };
}

test('tau is 1 for agreement on all pairs, -1 on none, 0 on half of them, and nothing of no pair', () => {
  const [same, opposite] = [pairOf(0.5, 0.9), pairOf(0.5, 1.2)];
  assert.equal(kendallsTau([same, same]), 1);
  assert.equal(kendallsTau([opposite, opposite, opposite]), -1);
  assert.equal(kendallsTau([same, opposite]), 0);
  assert.equal(kendallsTau([]), null);
});

test('lanes contradict each other where each is sure of another order, and one of more than the band', () => {
  assert.ok(contradicts(pairOf(1.02, 0.85), 0.03));
  assert.ok(contradicts(pairOf(0.5, 1.5), 0.03));
  assert.ok(!contradicts(pairOf(1.005, 0.85), 0.03), 'C is not sure');
  assert.ok(!contradicts(pairOf(1.02, 0.98), 0.03), 'neither is more than the band');
  assert.ok(!contradicts(pairOf(0.9, 0.5), 0.03), 'the order is the same');
});

test('four processes of a lane tell no two designs apart and contradict nothing, five do', () => {
  assert.ok(isToldApart(pairOf(0.5, 1.5)));
  assert.ok(!isToldApart(pairOf(0.5, 1.5, 4)));
  assert.ok(!contradicts(pairOf(0.5, 1.5, 4, 10), 0.03), 'too few in C');
  assert.ok(!contradicts(pairOf(0.5, 1.5, 10, 4), 0.03), 'too few in V8');
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
