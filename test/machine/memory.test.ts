import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressError, EndlessError, JournaledMemory } from '../../harness/oracle/memory/journaled-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { TracedMemory } from '../../harness/oracle/memory/traced-memory.js';
import { bitLockOf, LockError, Memory, NULL } from '../../machine/memory.js';

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

for (const Kind of [Memory, JournaledMemory, TracedMemory, ObservedMemory]) {
  test(`a lock bit leaves the other 31 bits, shows in a load, and is no second lock (${Kind.name})`, () => {
    const memory = new Kind(BYTES);
    const word = memory.reserve(1);
    for (const value of [0, 0x1234, 0x80000000 | 0]) {
      memory.store(word, value);
      memory.lockBit(word);
      assert.equal(memory.load(word), value | 1);
      assert.throws(() => memory.lockBit(word), LockError);
      memory.store(word, 0x5678 | 1);
      memory.unlockBit(word);
      assert.equal(memory.load(word), 0x5678);
      assert.throws(() => memory.unlockBit(word), LockError);
    }
  });
}

test('a memory that is rewound has no lock bit held, and the words from before', () => {
  const memory = new JournaledMemory(BYTES);
  const head = memory.reserve(1);
  memory.store(head, 0x40);
  memory.keep();
  memory.lockBit(head);
  memory.store(head, 0x80 | 1);
  assert.deepEqual(memory.held, [bitLockOf(head)]);
  assert.equal(memory.replacedAt(0), 0x40);
  memory.rewind();
  assert.equal(memory.load(head), 0x40);
  memory.lockBit(head);
  assert.deepEqual(memory.releaseAll(), [bitLockOf(head)]);
  assert.equal(memory.load(head), 0x40);
});

test('a journal holds the stores to its region and no others', () => {
  const memory = new JournaledMemory(BYTES);
  const around = memory.reserve(6);
  const region = around + 1;
  memory.watch(region, region + 4);
  memory.store(region - 1, 1);
  memory.store(region, 1);
  memory.store(region + 3, 1);
  memory.store(region + 4, 1);
  const journal = Array.from({ length: memory.journaled }, (_, index) => memory.storedAt(index));
  assert.deepEqual(journal, [region, region + 3]);
  memory.emptyJournal();
  for (let store = 0; store < 5000; store++) memory.store(region + (store % 4), 1);
  assert.equal(memory.journaled, 5000);
  assert.equal(memory.storedAt(4999), region + 3);
});

test('a journal holds what each store replaced', () => {
  const memory = new JournaledMemory(BYTES);
  const word = memory.reserve(1);
  memory.store(word, 5);
  memory.watch(word, word + 1);
  for (const value of [6, 7, 7]) memory.store(word, value);
  const replaced = Array.from({ length: memory.journaled }, (_, index) => memory.replacedAt(index));
  assert.deepEqual(replaced, [5, 6, 7]);
});

test('a cleared memory watches nothing, and a region is watched from when that is asked for', () => {
  const memory = new JournaledMemory(BYTES);
  const word = memory.reserve(1);
  memory.watch(word, word + 1);
  memory.store(word, 5);
  memory.clear();
  memory.store(word, 6);
  assert.equal(memory.journaled, 0);
  memory.watch(word, word + 1);
  memory.store(word, 7);
  memory.watch(word, word + 1);
  assert.equal(memory.journaled, 0);
});

test('two runs have one trace only if they read and wrote the same in the same order', () => {
  const traceOf = (accesses: (memory: TracedMemory, word: number) => void): number => {
    const memory = new TracedMemory(BYTES);
    accesses(memory, memory.reserve(16));
    return memory.trace;
  };
  const traces = [
    traceOf(() => {}),
    traceOf((memory, word) => memory.load(word)),
    traceOf((memory, word) => memory.load(word + 1)),
    traceOf((memory, word) => [memory.load(word), memory.load(word)]),
    traceOf((memory, word) => memory.store(word, 0)),
    traceOf((memory, word) => memory.store(word, 1)),
    traceOf((memory, word) => memory.lock(word)),
    traceOf((memory, word) => [memory.lock(word), memory.unlock(word)]),
    traceOf((memory, word) => [memory.store(word, 1), memory.store(word + 1, 1)]),
    traceOf((memory, word) => [memory.store(word + 1, 1), memory.store(word, 1)]),
  ];
  assert.equal(new Set(traces).size, traces.length);
  assert.equal(
    traceOf((memory, word) => memory.load(word)),
    traces[1],
  );
});

test('a frozen memory can be read and is not written', () => {
  const memory = new TracedMemory(BYTES);
  const word = memory.reserve(2);
  memory.store(word, 5);
  const { trace } = memory;
  memory.isFrozen = true;
  memory.store(word, 6);
  memory.lock(word + 1);
  memory.unlock(word + 1);
  assert.deepEqual([memory.load(word), memory.load(word + 1), memory.trace], [5, 0, trace]);
});

test('NULL, what is near it, and what lies beyond the memory are no addresses', () => {
  const memory = new JournaledMemory(BYTES);
  for (const address of [0, 5, -1, BYTES / 4, Number.NaN]) {
    assert.throws(() => memory.load(address), AddressError);
    assert.throws(() => memory.store(address, 1), AddressError);
    assert.throws(() => memory.lock(address), AddressError);
  }
});

test('an operation that touches memory more often than it may is ended', () => {
  const memory = new JournaledMemory(BYTES);
  const word = memory.reserve(1);
  memory.begin(3);
  for (let access = 0; access < 3; access++) memory.load(word);
  assert.throws(() => memory.load(word), EndlessError);
  memory.begin(1);
  memory.load(word);
});

test('the locks that are held are known, and can be opened', () => {
  const memory = new JournaledMemory(BYTES);
  const [one, other] = [memory.reserve(1), memory.reserve(1)];
  memory.lock(one);
  memory.lock(other);
  memory.unlock(one);
  assert.deepEqual(memory.held, [other]);
  assert.deepEqual(memory.releaseAll(), [other]);
  memory.lock(other);
});

test('a word that holds 1 is no lock that is held', () => {
  const memory = new JournaledMemory(BYTES);
  const [lock, word] = [memory.reserve(1), memory.reserve(1)];
  memory.store(word, 1);
  memory.lock(lock);
  assert.throws(() => memory.unlock(word), LockError);
  assert.deepEqual([memory.load(word), memory.held], [1, [lock]]);
});

test('a memory is rewound to the words that were kept, also those of locks that were stored to', () => {
  const memory = new JournaledMemory(BYTES);
  const [lock, word] = [memory.reserve(1), memory.reserve(1)];
  memory.store(word, 7);
  memory.keep();
  const misuses: (() => void)[] = [
    () => memory.store(lock, 0),
    () => memory.store(lock, 5),
    () => {
      memory.store(lock, 1);
      memory.unlock(lock);
    },
    () => {
      memory.store(lock, 0);
      memory.lock(lock);
      memory.unlock(lock);
    },
    () => {
      memory.store(word, 0);
      memory.lock(word);
      memory.store(word, 3);
    },
  ];
  for (const misuse of misuses) {
    memory.lock(lock);
    misuse();
    memory.rewind();
    assert.deepEqual([memory.load(lock), memory.load(word), memory.held], [0, 7, []]);
  }
});

test('a cleared memory is as a new one', () => {
  const memory = new JournaledMemory(BYTES);
  const first = memory.reserve(100);
  memory.store(first + 99, 7);
  memory.lock(first);
  memory.clear();
  assert.equal(memory.reserve(100), first);
  assert.equal(memory.load(first + 99), 0);
  assert.equal(memory.load(first), 0);
  assert.deepEqual(memory.held, []);
});
