import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  digestOf,
  digestOfMasked,
  digestOfRanked,
  maskIrtes,
  memoryDigest,
  rankTags,
} from '../../../harness/replay/digest.js';
import { GUEST_MODE, IRTE_WORDS, VALID } from '../../../machine/irte.js';

/** Guest-mode entries with these tags; null for an entry in remap mode whose second word is 77. */
function entries(...tags: (number | null)[]): Int32Array {
  const words = new Int32Array(tags.length * IRTE_WORDS);
  for (const [index, tag] of tags.entries()) {
    words[index * IRTE_WORDS] = VALID | (tag === null ? 0 : GUEST_MODE);
    words[index * IRTE_WORDS + 1] = tag ?? 77;
  }
  return words;
}

test('tags that differ only in their values have equal ranks', () => {
  assert.deepEqual(rankTags(entries(5, 9, 5)), rankTags(entries(-1, 2000, -1)));
  assert.deepEqual(rankTags(entries(5, 9, 5)), entries(1, 2, 1));
});

test('ranks keep which entries share a tag, and entries in remap mode are unchanged', () => {
  assert.notDeepEqual(rankTags(entries(5, 9, 5)), rankTags(entries(5, 9, 9)));
  assert.notDeepEqual(rankTags(entries(5, 9)), rankTags(entries(5, 5)));
  assert.deepEqual(rankTags(entries(null, 3)), entries(null, 1));
});

test('a memory digest changes with any one word, with the same bits of any two words, and with the length', () => {
  const words = Int32Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? 0 : index * 0x1234567));
  const digests = new Set([memoryDigest([words]), memoryDigest([words, Int32Array.of(1)])]);
  const flips = [1, 1 << 31, -1];
  for (const flipped of flips) {
    for (let one = 0; one < words.length; one++) {
      for (let other = 0; other <= one; other++) {
        const changed = words.map((word, index) =>
          index === one || index === other ? word ^ flipped : word,
        );
        digests.add(memoryDigest([changed]));
      }
    }
  }
  assert.equal(digests.size, 2 + (flips.length * words.length * (words.length + 1)) / 2);
});

test('a memory digest does not depend on the division into parts', () => {
  const words = Int32Array.of(3, -1, 0, 7);
  assert.equal(memoryDigest([words]), memoryDigest([words.subarray(0, 1), words.subarray(1)]));
  assert.match(memoryDigest([words]), /^[0-9a-f]{16}$/);
});

test('a digest that is computed part by part equals the digest of the whole', () => {
  const many = entries(...Array.from({ length: 50_000 }, (_, index) => (index * 7) % 301));
  assert.equal(digestOfRanked(many, Int32Array.of(5)), memoryDigest([rankTags(many), Int32Array.of(5)]));
  assert.equal(digestOfMasked(many), digestOf(maskIrtes(many)));
  assert.notEqual(digestOfMasked(many), digestOf(many));
});
