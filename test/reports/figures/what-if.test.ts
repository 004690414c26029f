import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countWork } from '../../../harness/counting/counted-work.js';
import { CountingMemory } from '../../../harness/counting/counting-memory.js';
import { type HostParameters, hostSchema } from '../../../machine/host.js';
import { analyseCells } from '../../../reports/figures/analysis.js';
import { costOf, type MeanWork, type WorkAt, workAt } from '../../../reports/figures/cost-formula.js';
import { CMPXCHG_COST, L3, LOCK_COST, meansOf } from '../../../reports/figures/cost-model.js';
import { sweptPoints } from '../../../reports/figures/swept-points.js';
import { whatIfData } from '../../../reports/figures/what-if-data.js';
import {
  shareCurve,
  usualWhatIf,
  WHAT_IF_COLUMNS,
  type WhatIfData,
  whatIfFrom,
  whatIfResult,
  whatIfRow,
} from '../../../reports/figures/what-if-model.js';
import irDataPointer from '../../../strategies/ir-data-pointer.js';
import irtePointer from '../../../strategies/irte-pointer.js';
import opaqueTagHash from '../../../strategies/opaque-tag-hash.js';
import type { Strategy } from '../../../strategies/strategy.js';
import type { OperationStream } from '../../../workloads/stream/stream.js';
import { countedParameters, SWEEP_POINTS, type SweepPoint } from '../../../workloads/sweep.js';
import { syntheticResults } from '../synthetic-results.js';

const unitCostsAt = (line: number) => ({ line, lock: LOCK_COST.ns, cmpxchg: CMPXCHG_COST.ns });

const results = syntheticResults();
const [host] = results.sweeps;
assert.ok(host);
results.sweeps.push(...[1, 8].map((value) => ({ ...host, axis: 'iommus' as const, value })));

function dataOf(): WhatIfData {
  const data = whatIfData(results, analyseCells(results));
  assert.ok(data);
  return data;
}

test('with nothing set, a load costs what the cost model says of the counted host', () => {
  const data = dataOf();
  const usual = { ...usualWhatIf(data), entries: 8, line: L3.ns };
  for (const design of data.designs) {
    const counted = sweptPoints(results, 'entriesPerVcpu', design.strategy, 'load').find(({ x }) => x === 8);
    assert.ok(counted);
    const total = costOf(meansOf(counted.work), unitCostsAt(L3.ns));
    assert.equal(whatIfRow(design, usual, data)[4], Math.round(total).toLocaleString('en-US'));
  }
});

test('a load flushes each entry only where it is said to, a route flushes once in any case', () => {
  const data = dataOf();
  const [design] = data.designs;
  assert.ok(design);
  const column = (index: number, chosen: object) =>
    Number(whatIfRow(design, { ...usualWhatIf(data), ...chosen }, data)[index]?.replace(',', ''));
  const [flushes, load, route] = [3, 4, 7];
  assert.deepEqual(
    [0, 1].map((each) => column(flushes, { flushes: each })),
    [0, 2000],
  );
  assert.equal(column(load, { flushes: 1 }) - column(load, {}), 2000);
  for (const each of [0, 1]) {
    assert.equal(column(route, { flushes: each }) - column(route, { flushes: each, flush: 0 }), 1000);
  }
  const in2016 = whatIfData({ ...results, host: { ...results.host, flush: 'per-entry' } }, []);
  assert.ok(in2016);
  assert.deepEqual([usualWhatIf(data).flushes, usualWhatIf(in2016).flushes], [0, 1]);
});

test('between two counted hosts the work lies on the line between them, beyond the last it goes on', () => {
  const at = (x: number, lines: number): WorkAt => ({
    x,
    lines,
    wayLines: 1,
    locks: 2,
    wayLocks: 0,
    entries: x,
  });
  const design = {
    strategy: 'one',
    routes: [],
    byEntries: [at(0, 4), at(2, 10), at(4, 12)],
    byIommus: [at(1, 5), at(8, 12)].map((place) => ({ ...place, entries: 2 })),
  };
  const lines = (entries: number, wanted: number) => workAt(design, entries, { wanted, counted: 8 }).lines;
  assert.deepEqual([lines(0, 8), lines(1, 8), lines(2, 8), lines(3, 8), lines(6, 8)], [4, 7, 10, 11, 14]);
  // One line for each IOMMU.
  assert.deepEqual([lines(2, 1), lines(2, 4), lines(2, 16)], [3, 6, 18]);
  assert.equal(workAt(design, 3, { wanted: 1, counted: 8 }).entries, 3);
});

test('what is set is found again in the link; what does not fit is as usual', () => {
  const data = dataOf();
  const chosen = fc.record(
    Object.fromEntries(
      data.inputs.map(({ name, least, most }) => [
        name,
        fc.double({ min: least, max: most, noNaN: true, noDefaultInfinity: true }),
      ]),
    ),
  );
  fc.assert(
    fc.property(chosen, (set) => {
      const whole = { ...usualWhatIf(data), ...set };
      const query = new URLSearchParams(Object.entries(whole).map(([name, value]) => [name, String(value)]));
      assert.deepEqual(whatIfFrom(query, data), whole);
    }),
  );
  const usual = usualWhatIf(data);
  for (const query of ['', 'flush=', 'flush=-1', 'line=1e9', 'lock=x', 'iommus=0', 'other=3&&=&%']) {
    assert.deepEqual(whatIfFrom(new URLSearchParams(query), data), usual, query);
  }
  assert.equal(whatIfRow(data.floor, usual, data).length, WHAT_IF_COLUMNS.length);
});

test('the dearer a flush, the smaller a part finding is', () => {
  const data = dataOf();
  for (const design of data.designs) {
    const curve = shareCurve(design, usualWhatIf(data), data);
    assert.equal(curve[0]?.x, 1);
    assert.equal(curve.at(-1)?.x, 10_000);
    for (const [index, { y }] of curve.entries()) assert.ok(index === 0 || y <= (curve[index - 1]?.y ?? 0));
  }
});

test('a run without counted sweeps, or without the floor, has no what-if', () => {
  assert.equal(whatIfData({ ...results, sweeps: [] }, []), null);
  assert.equal(
    whatIfData({ ...results, strategies: results.strategies.filter(({ id }) => id !== 'floor') }, []),
    null,
  );
});

test('the line of the model is fitted so that the baseline takes its time in C', () => {
  const data = dataOf();
  const line = data.inputs.find(({ name }) => name === 'line');
  assert.match(line?.label ?? '', /fitted to this run's C/);
  const inV8 = whatIfData(results, []);
  assert.equal(inV8?.inputs.find(({ name }) => name === 'line')?.usual, L3.ns);
});

test('the result says what the kept pointer saves, in ns, as a share and of a CPU', () => {
  const data = dataOf();
  const text = whatIfResult({ ...usualWhatIf(data), line: 10 }, data);
  assert.match(
    text,
    /^Model: ir-data-pointer (saves|costs) \S+ ns an update against opaque-tag-hash \(\S+% of it\): \S+% of a CPU/,
  );
  assert.equal(whatIfResult(usualWhatIf(data), { ...data, designs: [] }), '');
});

test('the work on hosts that are on neither axis is what the two axes say', () => {
  const host = hostSchema.parse({});
  const count = (strategy: Strategy, point: SweepPoint, varied: Partial<HostParameters>): MeanWork => {
    const parameters = { ...host, ...varied };
    const { stream } = point.workload.generate(countedParameters(point), 1, parameters) as {
      stream: OperationStream;
    };
    const verbs = countWork({ stream, strategy, host: parameters, memory: new CountingMemory() });
    const load = verbs.find(({ verb }) => verb === 'load');
    assert.ok(load);
    return meansOf(load.work);
  };
  const pointsOn = (axis: SweepPoint['axis']) => SWEEP_POINTS.filter((point) => point.axis === axis);
  const byEntries = pointsOn('entriesPerVcpu').filter(({ value }) => [4, 8, 16].includes(Number(value)));
  // A table in each IOMMU and the driver's way; the way alone; neither.
  for (const strategy of [opaqueTagHash, irDataPointer, irtePointer]) {
    const along = (points: readonly SweepPoint[]): WorkAt[] =>
      points.map((point) => ({ x: Number(point.value), ...count(strategy, point, point.host) }));
    const design = {
      strategy: strategy.id,
      byEntries: along(byEntries),
      byIommus: along(pointsOn('iommus')),
      routes: [],
    };
    for (const point of byEntries) {
      for (const iommus of [2, 4]) {
        const model = workAt(design, Number(point.value), { wanted: iommus, counted: host.iommus });
        assert.deepEqual(
          model,
          count(strategy, point, { iommus }),
          `${strategy.id}, ${point.value}, ${iommus}`,
        );
      }
    }
  }
});
