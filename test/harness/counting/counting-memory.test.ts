import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CountingMemory } from '../../../harness/counting/counting-memory.js';
import { LINE_WORDS } from '../../../machine/memory.js';

const [LOCK, FIRST, SECOND] = [4 * LINE_WORDS, 8 * LINE_WORDS, 12 * LINE_WORDS] as const;

/** A memory with two objects, the first pointing to the second. */
function twoObjects(): CountingMemory {
  const memory = new CountingMemory(1 << 16);
  for (const address of [FIRST, SECOND]) memory.noteObject(address, LINE_WORDS);
  memory.store(FIRST, SECOND + 2);
  return memory;
}

test('a line counts once for each operation, however often it is touched', () => {
  const memory = twoObjects();
  for (let operation = 0; operation < 2; operation++) {
    memory.begin();
    memory.load(FIRST + 1);
    memory.load(FIRST + LINE_WORDS - 1);
    memory.store(FIRST + 1, 0);
    memory.store(SECOND, 0);
    const { loads, stores, lines, linesRead, linesWritten } = memory.end();
    assert.deepEqual([loads, stores, lines, linesRead, linesWritten], [2, 2, 2, 1, 2]);
  }
});

test('nothing is counted between operations', () => {
  const memory = twoObjects();
  memory.begin();
  memory.end();
  memory.load(FIRST);
  memory.begin();
  assert.deepEqual([...new Set(Object.values(memory.end()))], [0]);
});

test('a load through a pointer depends on the load of the pointer, also in the middle of an object', () => {
  const memory = twoObjects();
  memory.begin();
  memory.load(memory.load(FIRST));
  assert.equal(memory.end().chain, 2);
});

test('an address that is passed in needs no load', () => {
  const memory = twoObjects();
  memory.begin();
  memory.passIn(SECOND);
  memory.load(memory.load(FIRST));
  assert.equal(memory.end().chain, 1);
});

test('loads that do not need one another are not dependent', () => {
  const memory = twoObjects();
  memory.begin();
  memory.load(SECOND);
  memory.load(FIRST);
  memory.load(SECOND + 1);
  assert.equal(memory.end().chain, 1);
});

test('a bucket depends on the loads before the first use of its key, and not on later ones', () => {
  const memory = twoObjects();
  memory.begin();
  memory.load(FIRST + 1);
  memory.computeFromKey(7);
  memory.load(LOCK);
  memory.computeFromKey(7);
  memory.load(LOCK + 1);
  assert.equal(memory.end().chain, 2);
});

test('every access to a bucket depends on the key: to the lock and to the head, in either order', () => {
  // Within a line, and across the end of one.
  for (const bucket of [LOCK, LOCK + LINE_WORDS - 1]) {
    for (const [first, second] of [
      [bucket, bucket + 2],
      [bucket + 2, bucket],
    ] as const) {
      const memory = twoObjects();
      memory.store(second, SECOND);
      memory.begin();
      memory.load(FIRST + 1);
      memory.computeFromKey(7);
      memory.lock(first);
      memory.store(FIRST + 4, 1);
      memory.load(memory.load(second));
      assert.equal(memory.end().chain, 3);
    }
  }
});

test('a bucket that is computed itself does not get the depth of its neighbour', () => {
  const memory = twoObjects();
  memory.begin();
  memory.computeFromKey(1);
  memory.load(LOCK);
  memory.load(memory.load(FIRST));
  memory.computeFromKey(2);
  memory.load(LOCK + 2);
  assert.equal(memory.end().chain, 3);
});

test('a computed address counts for its own structure and its own operation alone', () => {
  const memory = twoObjects();
  memory.begin();
  memory.lock(LOCK);
  memory.load(FIRST + 1);
  memory.computeFromKey(7);
  memory.unlock(LOCK);
  memory.load(LOCK + LINE_WORDS);
  assert.equal(memory.end().chain, 1);
  memory.begin();
  memory.load(LOCK);
  assert.equal(memory.end().chain, 1);
});

test('taking a lock is an atomic', () => {
  const memory = twoObjects();
  memory.begin();
  memory.lock(LOCK);
  memory.unlock(LOCK);
  const { locks, atomics, loads, stores } = memory.end();
  assert.deepEqual([locks, atomics, loads, stores], [1, 1, 1, 2]);
});

test("lines that the driver's way touches first, and its locks, are counted as its own", () => {
  const memory = twoObjects();
  memory.begin();
  memory.load(FIRST);
  memory.lock(LOCK);
  const table = memory.onWay(() => {
    memory.load(FIRST);
    memory.lock(SECOND);
    return SECOND;
  });
  memory.load(SECOND);
  memory.countEntry();
  const { entries, atomics, lines, wayLines, locks, wayLocks } = memory.end();
  assert.equal(table, SECOND);
  assert.deepEqual([entries, atomics, lines, wayLines, locks, wayLocks], [1, 3, 3, 1, 2, 1]);
});
