import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compareCAndV8,
  haveSameOrder,
  isSeparatedInC,
  type PairInBoth,
} from '../../../harness/results/c-and-v8.js';
import type { Cell } from '../../../harness/results/results.js';
import { syntheticResults } from '../../reports/synthetic-results.js';

const results = syntheticResults();
const [pinned, , recorded] = results.cells as [Cell, Cell, Cell];

test('C is compared with V8 process by process', () => {
  const both = compareCAndV8(results, pinned);
  const ratios = new Map(both?.strategies.map(({ strategy, v8OverC }) => [strategy, v8OverC.estimate]));
  // As they were made: half of the time in C, and the floor twice as much.
  assert.ok(Math.abs((ratios.get('ir-data-pointer') as number) - 2) < 0.1);
  assert.ok(Math.abs((ratios.get('floor') as number) - 0.5) < 0.05);
});

test('pairs that are separated in C have the same order unless V8 reverses it', () => {
  const pairs = compareCAndV8(results, pinned)?.pairs.filter(isSeparatedInC) ?? [];
  const [withFloor, others] = [true, false].map((isFloor) =>
    pairs.filter(({ one, other }) => [one, other].includes('floor') === isFloor),
  ) as [PairInBoth[], PairInBoth[]];
  assert.ok(withFloor.length > 0 && others.length > 0);
  assert.ok(others.every(haveSameOrder));
  assert.ok(!withFloor.filter(({ one }) => one.endsWith('pointer')).some(haveSameOrder));
});

test('two designs that are alike in C are not separated', () => {
  const pairs = compareCAndV8(results, pinned)?.pairs.filter(isSeparatedInC) ?? [];
  assert.ok(!pairs.some(({ one, other }) => one === 'split-id-hash' && other === 'wide-vm-id-hash'));
});

/** A pair with these ratios in C and in V8, each with an interval of +-1%, over a number of processes. */
function pairOf(inC: number, inV8: number, n = 5): PairInBoth {
  const around = (estimate: number) => ({ estimate, low: estimate * 0.99, high: estimate * 1.01, n });
  return { one: 'a', other: 'b', inC: around(inC), inV8: around(inV8) };
}

test('four processes separate no two designs, five do', () => {
  assert.ok(isSeparatedInC(pairOf(0.5, 1.5)));
  assert.ok(!isSeparatedInC(pairOf(0.5, 1.5, 4)));
});

test('a cell without times in C has nothing to compare', () => {
  assert.equal(compareCAndV8(results, recorded), null);
});

test('a process in C whose memory is not that of V8 is void, and so is its design in C', () => {
  const broken = structuredClone(pinned);
  for (const series of broken.timing.series) {
    if (series.strategy === 'floor' && series.lane === 'c') series.digestMatches = false;
  }
  const named = compareCAndV8(results, broken)?.strategies.map(({ strategy }) => strategy);
  assert.ok(named && !named.includes('floor') && named.includes('merged-6.17'));
});
