// Sequences of accesses that are races, or are not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { callerOf } from '../../../../harness/oracle/locks/callers.js';
import { Lockset, type Race } from '../../../../harness/oracle/locks/lockset.js';
import type { OpName } from '../../../../workloads/stream/stream.js';

const NO_CPU = -1;
const WORDS = 128;
/** Words that a test touches, and its locks. */
const [WORD, OTHER] = [40, 41];
const [A, B, C] = [100, 101, 102] as const;

/** A run of operations on a lockset. */
class Run {
  readonly races: Race[] = [];
  readonly #makers = new Map<number, number>();
  #operation = -1;
  readonly lockset = new Lockset(
    [new Int32Array(WORDS), new Int32Array(WORDS)],
    (address) => this.#makers.get(address) ?? -1,
    (race) => this.races.push(race),
  );

  /** Begins an operation on the VM, irq, vCPU or IOMMU with a number. */
  begin(name: OpName, operand: number, cpu = NO_CPU): this {
    this.#operation++;
    this.lockset.begin(callerOf(name, operand, cpu));
    return this;
  }

  alloc(address: number, words = 1): this {
    this.lockset.allocated(address, words);
    for (let word = 0; word < words; word++) this.#makers.set(address + word, this.#operation);
    return this;
  }

  under(locks: readonly number[], access: (lockset: Lockset) => void): this {
    for (const lock of locks) this.lockset.locked(lock);
    access(this.lockset);
    for (const lock of [...locks].reverse()) this.lockset.unlocked(lock);
    return this;
  }

  read(locks: readonly number[] = [], address = WORD): this {
    return this.under(locks, (lockset) => lockset.loaded(address));
  }

  write(locks: readonly number[] = [], address = WORD): this {
    return this.under(locks, (lockset) => lockset.stored(address));
  }

  /** Races so far. */
  get count(): number {
    return this.races.length;
  }
}

/** An irq with a word of its own, routed under the lock of a list and loaded from there. */
function listed(lock: number): Run {
  const run = new Run();
  run.begin('allocIrq', 0).alloc(WORD).write();
  run.begin('route', 0).write([lock]);
  run.begin('load', 0, 0).read([lock]).write([lock]);
  return run;
}

const operations = fc.record({
  name: fc.constantFrom<OpName>('createVm', 'allocIrq', 'route', 'unroute', 'load', 'put', 'drainGaLog'),
  operand: fc.nat(3),
  cpu: fc.nat(3),
  isWrite: fc.boolean(),
  others: fc.subarray([B, C]),
});

test('a word that is always under one lock is never a race, with any threads and any other locks', () => {
  fc.assert(
    fc.property(fc.array(operations), fc.nat(30), (all, allocatedAt) => {
      const run = new Run();
      all.forEach(({ name, operand, cpu, isWrite, others }, index) => {
        run.begin(name, operand, cpu);
        if (index === allocatedAt) run.alloc(WORD);
        if (isWrite) run.write([...others, A]);
        else run.read([A, ...others]);
      });
      assert.equal(run.count, 0);
    }),
  );
});

test('a word that two threads write under two locks is a race by the second round', () => {
  fc.assert(
    fc.property(fc.subarray([A, B]), fc.array(operations), (locks, between) => {
      const others = [A, B].filter((lock) => !locks.includes(lock));
      const run = new Run();
      for (let round = 0; round < 2; round++) {
        run.begin('drainGaLog', 0).write(locks);
        run.begin('drainGaLog', 1).write(others);
        for (const { name, operand, cpu } of between) run.begin(name, operand, cpu).write([A, B, C], OTHER);
      }
      assert.equal(run.count, 1);
    }),
  );
});

test('a word that is only read while shared needs no lock', () => {
  const run = new Run();
  run.begin('createVm', 0).alloc(WORD).write().write();
  for (const vcpu of [0, 1]) run.begin('load', vcpu, vcpu).read();
  run.begin('route', 0).read([A]);
  assert.equal(run.count, 0);
  run.begin('route', 1).write([A]);
  assert.equal(run.count, 1);
});

test('a word of one thread needs no lock: of an irq, of a vCPU on any CPU, of a VM', () => {
  const run = new Run();
  run.begin('allocIrq', 0).alloc(WORD).write();
  run.begin('route', 0).write([A]);
  run.begin('unroute', 0).write([B]);
  run.begin('freeIrq', 0).write();
  run.begin('load', 0, 0).write([], OTHER);
  run.begin('put', 0, 0).write([], OTHER);
  run.begin('load', 0, 1).write([], OTHER);
  assert.equal(run.count, 0);
});

test('a per-CPU word needs no lock of vCPUs that run there, and a lock of others', () => {
  const run = new Run();
  for (const vcpu of [0, 1, 0, 2]) run.begin('load', vcpu, 3).read().write();
  assert.equal(run.count, 0);
  run.begin('load', 0, 1).read();
  assert.equal(run.count, 1);
});

test('a race names the held locks, and the common locks before', () => {
  const run = new Run();
  run.begin('drainGaLog', 0).write([A, B]);
  run.begin('load', 0, 0).write([A, C]);
  run.begin('load', 1, 1).write([C, A]);
  run.begin('route', 7).write([B, C]).begin('route', 8).write([B]);
  assert.deepEqual(run.races, [{ address: WORD, isWrite: true, locks: [B], before: 3, locksBefore: [C] }]);
});

test('a race is reported once for an object, and again for the next object at its address', () => {
  const run = new Run();
  for (let round = 0; round < 3; round++) for (const vcpu of [0, 1]) run.begin('load', vcpu, vcpu).write();
  assert.equal(run.count, 1);
  run.begin('freeIrq', 0).lockset.freed(WORD, 1);
  for (const vcpu of [0, 1, 0]) run.begin('load', vcpu, vcpu).write();
  assert.equal(run.count, 1);
  run.begin('allocIrq', 1).alloc(WORD);
  for (const vcpu of [0, 1, 0]) run.begin('load', vcpu, vcpu).write();
  assert.equal(run.count, 2);
});

test('when an irq moves to another list, its words change their lock', () => {
  const run = listed(A);
  run.begin('route', 0).write([A]).write([B]);
  run.begin('load', 1, 1).write([B]);
  run.begin('route', 0).write([B]).write([A]);
  run.begin('put', 0, 0).write([A]);
  assert.equal(run.count, 0);
});

test('an irq may be off all lists for a while: between two operations, or after the lock is released', () => {
  const run = listed(A);
  run.begin('unroute', 0).write([A]);
  run.begin('route', 0).write([B]);
  run.begin('load', 1, 1).write([B]);
  // The list is searched under its lock, and the entry written afterwards.
  run.begin('unroute', 0).read([B], OTHER).write();
  run.begin('route', 0).write([A]);
  run.begin('load', 0, 0).write([A]);
  assert.equal(run.count, 0);
});

test('an access by another thread ends the ownership of an irq', () => {
  const run = listed(A);
  run.begin('load', 1, 1).write([A], OTHER).begin('load', 2, 2).write([A], OTHER);
  run.begin('route', 0).write([A]);
  run.begin('put', 0, 0).under([A], (lockset) => {
    lockset.stored(OTHER);
    lockset.loaded(WORD);
  });
  run.begin('route', 0).read();
  assert.equal(run.count, 1);
});

test('an operation that also writes a neighbour on the list takes its own irq over', () => {
  const run = listed(A);
  run.begin('allocIrq', 1).alloc(OTHER).write([], OTHER);
  for (const vcpu of [0, 1]) run.begin('load', vcpu, vcpu).write([A]).write([A], OTHER);
  run.begin('unroute', 0).under([A], (lockset) => {
    lockset.stored(OTHER);
    lockset.stored(WORD);
  });
  run.begin('route', 0).write([B]);
  assert.equal(run.count, 0);
});

test('no lock counts as held when the next operation begins', () => {
  const run = new Run();
  for (const vcpu of [0, 1]) run.begin('load', vcpu, 5).write();
  run.begin('load', 2, 6).write();
  assert.equal(run.count, 1);
});

test('freed words are left to the checks of memory', () => {
  const run = listed(A);
  run.begin('freeIrq', 0).lockset.freed(WORD, 1);
  for (const vcpu of [0, 1, 0]) run.begin('load', vcpu, vcpu).write();
  assert.equal(run.count, 0);
});

test("a route that takes the old list's lock and leaves the irq there is caught at the next update from it", () => {
  const run = listed(A);
  run.begin('route', 0).read([A], OTHER).write([B]);
  assert.equal(run.count, 0);
  run.begin('put', 0, 0).read([A]);
  assert.deepEqual(run.races, [{ address: WORD, isWrite: false, locks: [A], before: 3, locksBefore: [B] }]);
});

/** An irq with two words, both loaded under the lock of a list, then taken off it with an access to one word. */
function unlisted(access: 'read' | 'write'): Run {
  const run = new Run();
  run.begin('allocIrq', 0).alloc(WORD, 2).write().write([], OTHER);
  run.begin('route', 0).write([A]);
  run.begin('load', 0, 0).write([A])[access]([A], OTHER);
  run.begin('unroute', 0).write([A]);
  return run;
}

test('the owner of an irq that is off its list owns all its words, in later operations too', () => {
  for (const access of ['read', 'write'] as const) {
    const run = unlisted(access);
    run.begin('route', 0).write([B]).write([B], OTHER);
    run.begin('load', 1, 1).write([B]).read([B], OTHER);
    run.begin('unroute', 0).write([B]);
    run.begin('freeIrq', 0).write([], OTHER);
    assert.equal(run.count, 0);
  }
});

test('a word that only updates touch moves with its irq from one list to another', () => {
  const run = unlisted('write');
  run.begin('route', 0).write([B]);
  for (const vcpu of [1, 2]) run.begin('load', vcpu, vcpu).write([B], OTHER);
  run.begin('route', 0).write([B]).write([A]);
  for (const vcpu of [1, 2]) run.begin('load', vcpu, vcpu).write([A], OTHER);
  assert.equal(run.count, 0);
  run.begin('load', 1, 1).write([B], OTHER);
  assert.equal(run.count, 1);
});

test('a word that is only read while shared needs no lock of its owner, before and after the irq moves', () => {
  const run = unlisted('read');
  run.begin('route', 0).read([], OTHER).write([B]);
  run.begin('load', 1, 1).write([B]).read([B], OTHER);
  run.begin('unroute', 0).read([], OTHER).write([B]);
  assert.equal(run.count, 0);
});

test('a word that only updates read is under the lock of the new list', () => {
  const run = unlisted('read');
  run.begin('route', 0).write([B]);
  for (const vcpu of [1, 2]) run.begin('load', vcpu, vcpu).read([B], OTHER);
  run.begin('route', 0).write([B], OTHER);
  run.begin('load', 1, 1).read([B], OTHER);
  assert.equal(run.count, 0);
});

test('a later write under another lock is caught at the next access from the list that the irq is still on', () => {
  for (const access of ['read', 'write'] as const) {
    for (const locks of [[B], []]) {
      const run = unlisted(access);
      run.begin('route', 0).write(locks, OTHER);
      assert.equal(run.count, 0);
      run.begin('put', 0, 0).read([A], OTHER);
      const race = { address: OTHER, isWrite: false, locks: [A], before: 4, locksBefore: locks };
      assert.deepEqual(run.races, [race]);
    }
  }
});

test("an operation that takes a lock other than the list's takes no word over", () => {
  const run = listed(A);
  run.begin('unroute', 0).read([C], OTHER);
  run.begin('route', 0).write([B]);
  assert.equal(run.count, 1);
});

test("an operation takes over only words that its thread has allocated: another irq's word stays shared", () => {
  const run = listed(A);
  run.begin('allocIrq', 1).alloc(OTHER).write([A], OTHER);
  run.begin('unroute', 1).write([A], OTHER);
  run.begin('route', 1).write([B]);
  assert.equal(run.count, 1);
});

test('a freed word is not handed to the thread that allocated it', () => {
  const run = listed(A);
  run.begin('freeIrq', 0).write([A]).lockset.freed(WORD, 1);
  run.begin('createVm', 0).alloc(WORD).write();
  for (const vcpu of [0, 1]) run.begin('load', vcpu, vcpu).write([A]);
  run.begin('route', 0).read([A], OTHER);
  run.begin('route', 0).write([B]);
  assert.equal(run.count, 1);
});

test("an irq's own operation that has not held the list's lock at all is a race at once", () => {
  const run = listed(A);
  run.begin('route', 0).write([B]);
  assert.equal(run.count, 1);
});

test('an update cannot take an irq over: its write after releasing the list is a race', () => {
  const run = listed(A);
  // Another thread has also held the lock, so the vCPU's own thread is no common exclusion.
  run.begin('route', 0).write([A]);
  run.begin('put', 0, 0).write([A]).write();
  assert.equal(run.count, 1);
});

test("another irq's operation cannot take an irq over", () => {
  const run = listed(A);
  run.begin('route', 1).write([A]).write([B]);
  assert.equal(run.count, 1);
});

test("the last operation of a VM may touch the VM's own words without a lock, and no others", () => {
  const run = new Run();
  run.begin('createVm', 0).alloc(WORD).write();
  run.begin('createVm', 1).alloc(OTHER).write([], OTHER);
  for (const address of [WORD, OTHER]) {
    run.begin('route', 0).write([A], address);
    run.begin('load', 0, 0).write([A], address);
  }
  run.begin('destroyVm', 0).write();
  assert.equal(run.count, 0);
  run.begin('destroyVm', 0).write([], OTHER);
  assert.equal(run.count, 1);
});

test('locks themselves are not judged', () => {
  const run = new Run();
  for (const vcpu of [0, 1, 2, 0]) {
    run.begin('load', vcpu, vcpu);
    run.lockset.loaded(A);
    run.write([A]);
    run.lockset.stored(A);
  }
  assert.equal(run.count, 0);
});

test('many sets of locks are distinguished', () => {
  const run = new Run();
  const [locks, first] = [3000, 4000];
  const lockset = new Lockset(
    [new Int32Array(8000), new Int32Array(8000)],
    () => -1,
    (race) => run.races.push(race),
  );
  const touch = (thread: number, lock: number, word: number): void => {
    lockset.begin(callerOf('drainGaLog', thread, NO_CPU));
    lockset.locked(lock);
    lockset.stored(word);
    lockset.unlocked(lock);
  };
  for (let lock = 1; lock <= locks; lock++) for (const thread of [0, 1]) touch(thread, lock, first + lock);
  for (let lock = 1; lock <= locks; lock++) touch(0, lock, first + lock);
  assert.equal(run.count, 0);
  for (let lock = 1; lock < locks; lock++) touch(2, lock + 1, first + lock);
  assert.equal(run.count, locks - 1);
});
