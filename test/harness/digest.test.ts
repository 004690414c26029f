import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankTags } from '../../src/harness/digest.js';
import { GUEST_MODE, IRTE_WORDS, VALID } from '../../src/machine/irte.js';

/** Guest-mode entries with such tags; null for an entry in remap mode whose second word is 77. */
function entries(...tags: (number | null)[]): Int32Array {
  const words = new Int32Array(tags.length * IRTE_WORDS);
  for (const [index, tag] of tags.entries()) {
    words[index * IRTE_WORDS] = VALID | (tag === null ? 0 : GUEST_MODE);
    words[index * IRTE_WORDS + 1] = tag ?? 77;
  }
  return words;
}

test('tags that differ only in their values rank alike, whatever an address or a counter made of them', () => {
  assert.deepEqual(rankTags(entries(5, 9, 5)), rankTags(entries(-1, 2000, -1)));
  assert.deepEqual(rankTags(entries(5, 9, 5)), entries(1, 2, 1));
});

test('which entries share a tag is not lost, and remap mode is left as it is', () => {
  assert.notDeepEqual(rankTags(entries(5, 9, 5)), rankTags(entries(5, 9, 9)));
  assert.notDeepEqual(rankTags(entries(5, 9)), rankTags(entries(5, 5)));
  assert.deepEqual(rankTags(entries(null, 3)), entries(null, 1));
});
