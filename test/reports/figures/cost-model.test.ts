import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slopeOf } from '../../../harness/results/sweep-curves.js';
import { findShare, type MeanWork, partsOf, totalOf } from '../../../reports/figures/cost-formula.js';
import { CMPXCHG_COST, cpuShare, LOCK_COST, USUAL_RATE } from '../../../reports/figures/cost-model.js';
import { partText } from '../../../reports/words/wording.js';

const unitCostsAt = (line: number) => ({ line, lock: LOCK_COST.ns, cmpxchg: CMPXCHG_COST.ns });

const work = (lines: number, wayLines: number, locks: number, entries: number): MeanWork => ({
  lines,
  wayLines,
  locks,
  wayLocks: 0,
  entries,
});

const near = (one: number, other: number) => assert.ok(Math.abs(one - other) < 1e-9, `${one} ${other}`);

test("an update costs its lines, locks, entries and flushes; the floor's work is writing, and the rest is finding or the way", () => {
  // By hand: 34 lines of which 7 are the way's and 8 the floor's, 10 locks of which 2 are the floor's, 2 entries.
  const cost = partsOf(work(34, 7, 10, 2), work(8, 0, 2, 2), unitCostsAt(10), 1000);
  near(cost.find, 19 * 10 + 8 * 3.4);
  near(cost.way, 7 * 10);
  near(cost.write, 8 * 10 + 2 * (3.4 + 5.8));
  assert.equal(cost.flush, 2000);
  near(totalOf(cost), 34 * 10 + 10 * 3.4 + 2 * 5.8 + 2000);
  // The floor finds nothing and has no way.
  const floor = partsOf(work(8, 0, 2, 2), work(8, 0, 2, 2), unitCostsAt(10), 0);
  assert.deepEqual([floor.find, floor.way], [0, 0]);
  // In 2016 the way takes a lock for each entry.
  near(partsOf({ ...work(34, 7, 12, 2), wayLocks: 2 }, work(8, 0, 2, 2), unitCostsAt(10), 0).way, 76.8);
});

test('50 ns an update are 0.01% of a CPU at 2,000 updates a second', () => {
  assert.equal(partText(cpuShare(50, USUAL_RATE)), '0.01%');
});

test('the look-up is a smaller share the dearer a flush is', () => {
  const parts = (flush: number) => partsOf(work(34, 7, 10, 2), work(8, 0, 2, 2), unitCostsAt(10), flush);
  near(findShare(parts(0)), (19 * 10 + 8 * 3.4) / totalOf(parts(0)));
  assert.ok(findShare(parts(1000)) < findShare(parts(0)));
});

const power = (a: number, b: number) => [1, 2, 4, 8, 16].map((x) => ({ x, y: a * x ** b }));

test('the slope of a power law is its exponent', () => {
  for (const b of [-1.5, 0, 0.5, 1, 2]) {
    assert.ok(Math.abs((slopeOf(power(7, b)) as number) - b) < 1e-9);
  }
});

test('a slope needs two points above 0', () => {
  assert.equal(slopeOf([{ x: 1, y: 3 }]), null);
  assert.equal(slopeOf([0, 1, 2].map((x) => ({ x, y: x === 2 ? 1 : 0 }))), null);
});
