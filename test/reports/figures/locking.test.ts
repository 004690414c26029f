import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUG_COUNT, BUGS, keeperOf } from '../../../reports/figures/bugs.js';
import { lockingOf } from '../../../reports/figures/locking.js';
import { fullResults } from '../full-results.js';

test('a lock that every CPU takes has a limit that can be checked by hand, and others have none', () => {
  const { threads, cpus, rows } = lockingOf(fullResults());
  assert.deepEqual([threads, cpus], [[1, 2], 1024]);
  const rowOf = (id: string) => rows.find(({ strategy }) => strategy === id) ?? assert.fail(id);
  const hash = rowOf('opaque-tag-hash');
  assert.equal(hash.lock?.perUpdate, 1);
  assert.deepEqual(hash.limits, [1e9 / 80, 1e9 / 200]);
  assert.equal(hash.millions[1]?.estimate.toFixed(1), '2.8');
  assert.ok((hash.ofLinear ?? 1) < 0.001);
  const list = rowOf('ir-data-pointer');
  assert.deepEqual([list.lock, list.limits], [null, [null, null]]);
});

test('a strategy with the work of another has its throughput', () => {
  const results = fullResults();
  const { contention } = results;
  assert.ok(contention);
  contention.equals.push({ strategy: 'vcpu-entries', as: 'ir-data-pointer' });
  const { rows } = lockingOf(results);
  const [list, same] = ['ir-data-pointer', 'vcpu-entries'].map((id) =>
    rows.find(({ strategy }) => strategy === id),
  );
  assert.deepEqual(same?.millions, list?.millions);
  assert.deepEqual([list?.ranAs, same?.ranAs], [null, 'ir-data-pointer']);
});

test('a run without threads still says who keeps pointers', () => {
  const { threads, cpus, rows } = lockingOf({ ...fullResults(), contention: null });
  assert.deepEqual([threads, cpus], [[], 0]);
  assert.equal(rows[0]?.lock, undefined);
  assert.equal(rows[0]?.keeper, 'driver');
});

test('a bucket and an array belong to the driver, a list to KVM, and each has the bugs of its kind', () => {
  const bugsIn = (name: string) => BUGS.find(({ kind }) => kind === name)?.bugs.length;
  const noKernel = 'in no kernel';
  assert.deepEqual(keeperOf('opaque-tag-hash'), {
    keeper: 'driver',
    where: 'bucket',
    bugs: `${bugsIn('hash')}, corrected`,
  });
  assert.deepEqual(keeperOf('bucket-lock-hash'), { keeper: 'driver', where: 'bucket', bugs: noKernel });
  assert.deepEqual(keeperOf('merged-7.3'), {
    keeper: 'KVM',
    where: 'list',
    bugs: `${bugsIn('kept pointer')}, fixed`,
  });
  assert.deepEqual(keeperOf('vcpu-entries'), { keeper: 'driver', where: 'array', bugs: noKernel });
  assert.equal(BUG_COUNT, 20);
});
