import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckedMemory, type Fault } from '../../../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../../../harness/oracle/memory/observed-memory.js';
import { NULL } from '../../../../machine/memory.js';

/** A checked memory with one object, and the reports of the memory behind. */
function observed() {
  const memory = new CheckedMemory(new ObservedMemory(1 << 20));
  const object = memory.heap.cacheFor(64).alloc();
  const heard: string[] = [];
  const note = (what: string) => (address: number) => heard.push(`${what} ${address - object}`);
  memory.behind.observer = {
    loaded: note('loaded'),
    stored: note('stored'),
    locked: note('locked'),
    unlocked: note('unlocked'),
  };
  return { memory, object, heard };
}

test('each access of the strategy and of the host is reported', () => {
  const { memory, object, heard } = observed();
  memory.store(object, 5);
  assert.equal(memory.load(object), 5);
  memory.behind.store(object + 1, 6);
  assert.equal(memory.behind.load(object + 1), 6);
  assert.deepEqual(heard, ['stored 0', 'loaded 0', 'stored 1', 'loaded 1']);
});

test('taking and releasing a lock are reported', () => {
  const { memory, object, heard } = observed();
  memory.lock(object + 2);
  assert.throws(() => memory.lock(object + 2), /taken while held/);
  memory.unlock(object + 2);
  assert.deepEqual(
    heard.filter((what) => !what.startsWith('loaded')),
    ['locked 2', 'unlocked 2'],
  );
});

test('marked accesses are made and checked, and not reported', () => {
  const { memory, object, heard } = observed();
  const faults: string[] = [];
  memory.onFault = ({ kind, action }: Fault) => faults.push(`${kind}: ${action}`);
  memory.writeOnce(object, 7);
  assert.equal(memory.readOnce(object), 7);
  assert.equal(memory.readOnce(NULL), 0);
  memory.writeOnce(object + 20, 1);
  assert.deepEqual(heard, []);
  assert.deepEqual(faults, ['unallocated: read', 'unallocated: wrote']);
});

test('allocations and frees are reported', () => {
  const { memory } = observed();
  const told: string[] = [];
  memory.onAlloc = ({ struct, bytes }) => told.push(`alloc ${struct} ${bytes}`);
  memory.onFree = ({ struct }) => told.push(`free ${struct}`);
  const cache = memory.heap.cacheFor(24, 'node');
  cache.free(cache.alloc());
  assert.deepEqual(told, ['alloc node 24', 'free node']);
});

test('a memory that is clear has no observer and no notes', () => {
  const { memory, object, heard } = observed();
  for (const words of memory.behind.notes) words[object] = 3;
  memory.clear();
  memory.behind.store(object, 1);
  assert.deepEqual(heard, []);
  assert.deepEqual(
    memory.behind.notes.map((words) => words[object]),
    [0, 0],
  );
});
