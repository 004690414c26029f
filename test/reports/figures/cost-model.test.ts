import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { WorkSummary } from '../../../harness/results/results.js';
import { crossingsOf, slopeOf } from '../../../harness/results/sweep-curves.js';
import { breakEvenCommands, lookUpShare, totalOf } from '../../../reports/figures/cost-formula.js';
import { costAt, fallsTo, meansOf, unitCostsAt } from '../../../reports/figures/cost-model.js';

const one = (value: number) => ({ mean: value, p50: value, p99: value, worst: value });

/** The work of an update of so many entries. */
function workOf(lines: number, entryLines: number, locks: number, entries: number): WorkSummary {
  const none = one(0);
  return {
    loads: none,
    stores: none,
    linesRead: none,
    linesWritten: none,
    lines: one(lines),
    entryLines: one(entryLines),
    chain: none,
    locks: one(locks),
    atomics: one(locks + entries),
    entries: one(entries),
    invalidate: none,
    completionWait: none,
  };
}

test('the cost of an update is its lines, locks, entries and commands, each at its unit cost', () => {
  // 28 lines of which 3 are the entries', 10 locks of which 2 are, 2 entries: by hand.
  const cost = costAt(workOf(28, 3, 10, 2), 10, 1000);
  assert.ok(Math.abs(cost.lookUp - (25 * 10 + 8 * 3.4)) < 1e-9);
  assert.ok(Math.abs(cost.write - (3 * 10 + 2 * (3.4 + 5.8))) < 1e-9);
  assert.equal(cost.commands, 2000);
  assert.ok(Math.abs(totalOf(cost) - (277.2 + 48.4 + 2000)) < 1e-9);
});

test('at the break-even cost of the commands, the look-up is that part of the update', () => {
  const counts = fc.record({
    lines: fc.integer({ min: 1, max: 5000 }),
    locks: fc.integer({ min: 0, max: 100 }),
    entries: fc.integer({ min: 1, max: 2048 }),
    lineNs: fc.constantFrom(0, 10, 80, 120),
    part: fc.constantFrom(0.5, 0.1, 0.01),
  });
  fc.assert(
    fc.property(counts, ({ lines, locks, entries, lineNs, part }) => {
      const work = workOf(lines + 2 * entries, 2 * entries, locks + entries, entries);
      const price = breakEvenCommands(meansOf(work), unitCostsAt(lineNs, 0), part) as number;
      const share = lookUpShare(costAt(work, lineNs, price));
      if (price > 0) assert.ok(Math.abs(share - part) < 1e-9);
      else assert.ok(share <= part + 1e-9);
    }),
  );
});

test('an update that writes no entry has no break-even price', () => {
  assert.equal(breakEvenCommands(meansOf(workOf(18, 0, 8, 0)), unitCostsAt(10, 0), 0.1), null);
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

test('two power laws cross where they are equal', () => {
  // 8 x^0 and x^1 meet at 8; at 5 in between two points, 5 x^0 and x^1.
  assert.deepEqual(crossingsOf(power(1, 1), power(3, 0.5)).map(Math.round), [9]);
  const [crossing] = crossingsOf(power(1, 1), power(5, 0));
  assert.ok(Math.abs((crossing as number) - 5) < 1e-9);
  assert.deepEqual(crossingsOf(power(1, 1), power(2, 1)), []);
});

test('two curves that meet at a place and change sides cross there; that only touch do not', () => {
  const flat = (...ys: number[]) => ys.map((y, index) => ({ x: 2 ** index, y }));
  assert.deepEqual(crossingsOf(flat(1, 4, 9), flat(4, 4, 4)), [2]);
  assert.deepEqual(crossingsOf(flat(1, 4, 1), flat(4, 4, 4)), []);
  assert.deepEqual(crossingsOf(flat(4, 4, 9), flat(4, 4, 4)), []);
});

test('a curve falls to a level where it stays below it', () => {
  const curve = power(16, -1);
  assert.equal(Math.round(100 * (fallsTo(curve, 3) as number)) / 100, 5.33);
  assert.equal(fallsTo(curve, 0.5), null);
  assert.equal(fallsTo(curve, 20), 1);
  assert.equal(fallsTo([...power(16, -1), { x: 32, y: 10 }], 5), null);
});
