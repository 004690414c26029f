// A real run of the decomposition, small.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DECOMPOSITION } from '../../harness/method.js';
import { nativeCompiler } from '../../harness/native/compile.js';
import { SILENT } from '../../harness/plan/run-plan.js';
import { loadStrategies } from '../../harness/plan/strategy-module.js';
import { compareCell } from '../../harness/results/comparison.js';
import { resultsSchema } from '../../harness/results/results.js';
import { bench } from '../../harness/run.js';
import { HOST_PRESETS } from '../../machine/host.js';
import { pinned } from '../../workloads/pinned.js';

/** Some strategies of the decomposition, and so not pointer-array. */
const STRATEGIES = ['opaque-tag-hash', 'shared-hash', 'ir-data-pointer'];

test('the decomposition has its strategies on each host, in C, and in V8 where it is cross-checked', async () => {
  const parameters = pinned.schema.parse({ vms: 4, operations: 400 });
  const results = await bench(
    {
      strategies: await loadStrategies(['pointer-array', ...STRATEGIES]),
      workloads: [],
      points: [],
      decomposition: { workload: pinned, parameters, host: {} },
      singleUpdates: 0,
      host: HOST_PRESETS['v6.8'],
      seed: 1,
      memory: 'checked',
      suite: 'default',
      processes: { v8: 1, c: 2, alone: 1 },
      crossChecked: ['pinned-iommus-8'],
      rounds: 2,
      threads: null,
      sweeps: false,
      cachedHistories: 0,
    },
    SILENT,
  );
  resultsSchema.parse(results);
  assert.deepEqual([results.undone, results.cells, results.sweeps], [[], [], []]);
  assert.deepEqual(
    results.decomposition.map(({ iommus }) => iommus),
    [...DECOMPOSITION.iommus],
  );
  const hasC = (await nativeCompiler()).version !== null;
  for (const { iommus, cell } of results.decomposition) {
    const sorted = [...STRATEGIES].sort();
    assert.deepEqual(cell.checks.map(({ strategy }) => strategy).sort(), sorted);
    assert.ok(cell.checks.every(({ findings, matchesOracle }) => findings.length === 0 && matchesOracle));
    assert.deepEqual(cell.counted.map(({ strategy }) => strategy).sort(), sorted);
    const opaque = cell.counted.find(({ strategy }) => strategy === 'opaque-tag-hash');
    const load = opaque?.verbs.find(({ verb }) => verb === 'load');
    assert.equal(load?.work.locks.mean, iommus + 2);
    const { series } = cell.timing;
    assert.equal(cell.timing.processes, hasC ? 2 : 1);
    for (const lane of ['v8', 'c'] as const) {
      const isCrossChecked = iommus === 8 || !hasC;
      const expected = lane === 'v8' ? (isCrossChecked ? [0] : []) : hasC ? [0, 1] : [];
      for (const strategy of STRATEGIES) {
        const own = series.filter(
          (one) => one.lane === lane && one.strategy === strategy && one.role === 'strategy',
        );
        assert.deepEqual(
          own.map(({ processNumber }) => processNumber),
          expected,
        );
      }
      const { rows, control } = compareCell(results, cell, undefined, lane);
      assert.equal(rows.length, expected.length === 0 ? 0 : STRATEGIES.length - 1);
      assert.equal(control === null, expected.length === 0);
    }
    // C needs no process in V8 beside it: the digest is that of an untimed run.
    assert.ok(series.every(({ digestMatches, error }) => digestMatches && error === null));
  }
  // Seven tables fewer have seven locks and 14 lines, of a lock and a bucket each. The longest way to an entry is as long: the
  // tag, the bucket, ir_data, and on from there.
  const [inEach, shared] = ['opaque-tag-hash', 'shared-hash'].map((id) => {
    const counted = results.decomposition.at(-1)?.cell.counted.find(({ strategy }) => strategy === id);
    return counted?.verbs.find(({ verb }) => verb === 'load')?.work;
  });
  assert.ok(inEach && shared);
  assert.equal(inEach.lines.p50 - shared.lines.p50, 14);
  assert.equal(inEach.locks.p50 - shared.locks.p50, 7);
  assert.equal(inEach.chain.p50, shared.chain.p50);
});
