import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournaledMemory } from '../../src/machine/journaled-memory.js';
import { LockError, Memory, NULL } from '../../src/machine/memory.js';

const BYTES = 1 << 20;

test('reserved words are zero, aligned, apart from each other, and never NULL', () => {
  const memory = new Memory(BYTES);
  const one = memory.reserve(3);
  const other = memory.reserve(5, 1024);
  assert.notEqual(one, NULL);
  assert.equal(one % 16, 0);
  assert.equal(other % 1024, 0);
  assert.ok(other >= one + 3);
  assert.equal(memory.load(other + 4), 0);
});

test('words are int32: a tag with bit 31 set compares equal to itself', () => {
  const memory = new Memory(BYTES);
  const address = memory.reserve(1);
  memory.store(address, 0x80000001);
  assert.equal(memory.load(address), 0x80000001 | 0);
});

test('a host that outgrows its address space is told so', () => {
  assert.throws(() => new Memory(BYTES).reserve(BYTES), RangeError);
});

test('a lock taken twice or released twice is an error', () => {
  const memory = new Memory(BYTES);
  const lock = memory.reserve(1);
  memory.lock(lock);
  assert.throws(() => memory.lock(lock), LockError);
  memory.unlock(lock);
  assert.throws(() => memory.unlock(lock), LockError);
});

test('a journal holds the stores to its region and no others', () => {
  const memory = new JournaledMemory(BYTES);
  const region = memory.reserve(4);
  memory.watch(region, region + 4);
  memory.store(region - 1, 1);
  memory.store(region, 1);
  memory.store(region + 3, 1);
  memory.store(region + 4, 1);
  assert.deepEqual(memory.journal, [region, region + 3]);
});
