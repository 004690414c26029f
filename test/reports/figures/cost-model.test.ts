import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crossingsOf, slopeOf } from '../../../harness/results/sweep-curves.js';
import { analyseCells } from '../../../reports/figures/cell-analysis.js';
import { cpuShareText, partsTables } from '../../../reports/figures/cost-answers.js';
import {
  breakEvenFlush,
  findShare,
  type MeanWork,
  partsOf,
  totalOf,
} from '../../../reports/figures/cost-formula.js';
import { unitCostsAt } from '../../../reports/figures/cost-model.js';
import { modelSentences, modelTables } from '../../../reports/figures/model-and-c.js';
import { syntheticResults } from '../synthetic-results.js';

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

test('at the break-even cost of a flush, finding is that part of the update', () => {
  const counts = fc.record({
    lines: fc.integer({ min: 1, max: 5000 }),
    locks: fc.integer({ min: 0, max: 100 }),
    entries: fc.integer({ min: 1, max: 2048 }),
    lineNs: fc.constantFrom(0, 10, 80, 120),
    part: fc.constantFrom(0.5, 0.1, 0.01),
  });
  fc.assert(
    fc.property(counts, ({ lines, locks, entries, lineNs, part }) => {
      const floor = work(3 + entries, 0, entries, entries);
      const own = work(lines + 7 + floor.lines, 7, locks + entries, entries);
      const parts = (flushNs: number) => partsOf(own, floor, unitCostsAt(lineNs), flushNs);
      const flush = breakEvenFlush(parts(0), entries, part) as number;
      const share = findShare(parts(flush));
      if (flush > 0) assert.ok(Math.abs(share - part) < 1e-9);
      else assert.ok(share <= part + 1e-9);
    }),
  );
});

test('an update that writes no entry has no break-even cost', () => {
  const cost = partsOf(work(18, 0, 8, 0), work(3, 0, 0, 0), unitCostsAt(10), 0);
  assert.equal(breakEvenFlush(cost, 0, 0.1), null);
});

test('50 ns an update are 0.01 % of a CPU at 2,000 updates a second', () => {
  assert.equal(cpuShareText(50), '0.01 % of a CPU for each vCPU at 2,000 updates a second');
});

test('without a counted floor no load can be split', () => {
  const results = syntheticResults();
  const [cell] = analyseCells(results);
  assert.ok(cell);
  assert.equal(partsTables(results, cell)[0]?.rows.length, results.strategies.length);
  cell.cell.counted = cell.cell.counted.filter(({ strategy }) => strategy !== 'floor');
  assert.deepEqual(partsTables(results, cell), []);
});

test('the model stands beside C for windows of loads and puts, with both ratios', () => {
  const results = syntheticResults();
  const [pinned] = results.workloads;
  assert.ok(pinned);
  pinned.window = { load: 8254, put: 8254 };
  const cells = analyseCells(results);
  const [table, ...others] = modelTables(results, cells);
  assert.deepEqual(others, []);
  assert.deepEqual(table?.head, ['strategy', 'own cache', 'L3', 'C', 'C / own cache', 'C / L3']);
  // 22 lines, 7 locks and 2 entries, by hand; C takes 21.3 x 4 / 2 ns.
  const [, ownCache, l3, c, toOwn, toL3] =
    table?.rows.find(([id]) => id === 'opaque-tag-hash')?.map(Number) ?? [];
  near(ownCache as number, 35.4);
  near(l3 as number, 255.4);
  assert.ok(Math.abs((c as number) - 42.6) < 1);
  assert.ok(Math.abs((toOwn as number) - (c as number) / 35.4) < 1e-2);
  assert.ok(Math.abs((toL3 as number) - (c as number) / 255.4) < 1e-2);
  assert.match(
    modelSentences(results, cells)[0] ?? '',
    /^On pinned C takes \S+ to \S+ times the modelled time with lines from own cache, and \S+ to \S+ times that with lines from L3\.$/,
  );
  // A timed host of the sweep of entries has a table too: a wake counts as an interrupt and a poll.
  const point = results.sweeps[0];
  assert.ok(point);
  results.sweeps.push({ ...point, axis: 'entries', value: 4096, cell: results.cells[0] ?? null });
  assert.match(modelTables(results, cells)[1]?.caption ?? '', /^4,096 entries: /);
  const inV8 = { ...results, cells: [], sweeps: [] };
  assert.deepEqual(modelSentences(inV8, analyseCells(inV8)), []);
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
