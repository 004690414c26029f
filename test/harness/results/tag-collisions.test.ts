import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CollisionCondition, collisionConditions } from '../../../harness/results/tag-collisions.js';
import { type HashVersion, hash32With } from '../../../machine/hash.js';

const LARGEST_VCPU_IDS = [0, 1, 7, 14, 15, 16, 21, 22, 100, 243, 244, 255];

/** The condition that holds for a largest vcpu_id. */
function conditionAt(conditions: readonly CollisionCondition[], largest: number): CollisionCondition | null {
  return conditions.findLast(({ vcpuId }) => vcpuId <= largest) ?? null;
}

/** The VM creation at which a tag meets the bucket of an earlier one, over all tags; null if none does. */
function firstCreation(version: HashVersion, bits: number, largest: number): number | null {
  const hash = hash32With(version);
  const taken = new Set<number>();
  for (let vm = 1; vm <= 255; vm++) {
    for (let vcpu = 0; vcpu <= largest; vcpu++) {
      const bucket = hash((vm << 8) | vcpu, bits);
      if (taken.has(bucket)) return vm;
      taken.add(bucket);
    }
  }
  return null;
}

for (const hashMultiplier of ['v4.7', 'v4.6'] as const) {
  for (const hashBits of [16, 8]) {
    test(`the conditions of the ${hashMultiplier} hash with ${hashBits} bits are those of a search of all tags`, () => {
      const hash = hash32With(hashMultiplier);
      const conditions = collisionConditions({ hashMultiplier, hashBits });
      const creations = conditions.map(({ creation }) => creation);
      assert.ok(creations.every((creation, index) => creation < (creations[index - 1] ?? 256)));
      for (const largest of LARGEST_VCPU_IDS) {
        const condition = conditionAt(conditions, largest);
        const label = `largest vcpu_id ${largest}`;
        assert.equal(condition?.creation ?? null, firstCreation(hashMultiplier, hashBits, largest), label);
        if (condition === null) continue;
        const { pair, creation } = condition;
        const [one, other] = pair.map(({ vm, vcpu }) => (vm << 8) | vcpu) as [number, number];
        assert.notEqual(one, other, label);
        assert.equal(hash(one, hashBits), hash(other, hashBits), label);
        assert.deepEqual([pair[0].vm <= pair[1].vm, pair[1].vm], [true, creation], label);
        assert.ok(
          pair.every(({ vcpu }) => vcpu <= largest),
          label,
        );
      }
    });
  }
}

test('with the hash of v4.7 and 16 bits there are four conditions, and none below vcpu_id 15', () => {
  const conditions = collisionConditions({ hashMultiplier: 'v4.7', hashBits: 16 });
  assert.deepEqual(
    conditions.map(({ vcpuId, creation, pair }) => [
      vcpuId,
      creation,
      ...pair.map(({ vm, vcpu }) => [vm, vcpu]),
    ]),
    [
      [15, 116, [4, 15], [116, 0]],
      [16, 114, [2, 16], [114, 1]],
      [22, 113, [1, 22], [113, 7]],
      [244, 112, [1, 3], [112, 244]],
    ],
  );
});
