import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type HashVersion, hash32With } from '../../machine/hash.js';
import { ROOT } from '../project.js';

interface Row {
  readonly tag: number;
  readonly b4: number;
  readonly b8: number;
  readonly b12: number;
  readonly b16: number;
}

const vectors = JSON.parse(readFileSync(join(ROOT, 'test/machine/hash-vectors.json'), 'utf8')) as {
  hash_32_v4_7: Row[];
  hash_32_v4_6_and_before: Row[];
  collision_pairs_v4_7_bits16: { a: number; b: number; bucket: number }[];
};

function agrees(version: HashVersion, rows: readonly Row[]): void {
  const hash = hash32With(version);
  for (const { tag, b4, b8, b12, b16 } of rows) {
    const buckets = [4, 8, 12, 16].map((bits) => hash(tag, bits));
    assert.deepEqual(buckets, [b4, b8, b12, b16], `tag ${tag}`);
    assert.deepEqual(
      buckets,
      [4, 8, 12, 16].map((bits) => hash(tag | 0, bits)),
      `tag ${tag} as int32`,
    );
  }
}

test('hash_32 of v4.7 and later gives the buckets of the vectors', () => {
  agrees('v4.7', vectors.hash_32_v4_7);
});

test('hash_32 of v4.6 and before gives the buckets of the vectors', () => {
  agrees('v4.6', vectors.hash_32_v4_6_and_before);
});

test('the collision pairs of the vectors share their bucket', () => {
  const hash = hash32With('v4.7');
  for (const { a, b, bucket } of vectors.collision_pairs_v4_7_bits16) {
    assert.deepEqual([hash(a, 16), hash(b, 16)], [bucket, bucket]);
  }
});

/** Tags of each bucket over all 16-bit tags with a 16-bit hash. */
function bucketsOf(version: HashVersion): number[][] {
  const hash = hash32With(version);
  const buckets: number[][] = Array.from({ length: 1 << 16 }, () => []);
  for (let tag = 0; tag < 1 << 16; tag++) buckets[hash(tag, 16)]?.push(tag);
  return buckets.filter((tags) => tags.length > 0);
}

test('over all 16-bit tags the v4.6 hash is a bijection', () => {
  assert.equal(bucketsOf('v4.6').length, 65_536);
});

test('over all 16-bit tags the v4.7 hash uses 58,048 buckets, none with more than two tags', () => {
  const buckets = bucketsOf('v4.7');
  assert.equal(buckets.length, 58_048);
  assert.equal(Math.max(...buckets.map((tags) => tags.length)), 2);
  const shared = buckets.filter((tags) => tags.length === 2);
  assert.equal(shared.length * 2, 14_976);
  const apart = shared.map(([one = 0, other = 0]) => other - one);
  assert.equal(apart.filter((difference) => difference === 28_657).length, 7176);
  assert.equal(apart.filter((difference) => difference === 46_368).length, 312);
});
