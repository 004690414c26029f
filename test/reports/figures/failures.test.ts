import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collisionConditions, firstSharedVmBucket } from '../../../harness/results/tag-collisions.js';
import { hash32With } from '../../../machine/hash.js';
import { bugConditions } from '../../../reports/figures/failures.js';
import { syntheticResults } from '../synthetic-results.js';

const results = syntheticResults();
const conditionsOf = (host: Partial<typeof results.host>) =>
  bugConditions({ ...results, host: { ...results.host, ...host } }).map(({ condition }) => condition);

test('the bugs of the posted patch are conditions on VM creations and vcpu_ids, not counts', () => {
  const [compare, alias, log] = conditionsOf({ hashMultiplier: 'v4.7', hashBits: 16 });
  assert.equal(
    compare,
    'From VM creation 116 with a vCPU 15 (112 with a vCPU 244); never if all vcpu_ids are below 15.',
  );
  assert.equal(
    alias,
    'Any host, from VM creation 257: if VM 1 still runs, its entries change too; if not, wakeups are lost.',
  );
  assert.match(log ?? '', /^From VM creation 148 another VM is woken/);
});

test('with the hash of v4.6 no two tags share a bucket', () => {
  assert.match(conditionsOf({ hashMultiplier: 'v4.6', hashBits: 16 })[0] ?? '', /^Never with this hash/);
  assert.deepEqual(collisionConditions({ hashMultiplier: 'v4.6', hashBits: 16 }), []);
});

test('the first VM that shares a bucket of the hash of VMs is the first whose bucket an earlier one has', () => {
  for (const version of ['v4.7', 'v4.6'] as const) {
    const hash = hash32With(version);
    const first = firstSharedVmBucket({ hashMultiplier: version });
    const buckets = Array.from({ length: first }, (_, index) => hash(index + 1, 8));
    assert.equal(new Set(buckets).size, first - 1);
    assert.ok(buckets.slice(0, -1).includes(buckets.at(-1) as number));
  }
});
