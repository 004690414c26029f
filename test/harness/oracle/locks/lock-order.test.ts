// Orders of locks that close a cycle, or do not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Edge, LockOrder } from '../../../../harness/oracle/locks/lock-order.js';

/** Locks of the classes a, b, c and so on are from 10, 20 and 30 on. */
const classOf = (lock: number): string => String.fromCharCode(96 + Math.floor(lock / 10));

class Run {
  readonly cycles: (readonly Edge[])[] = [];
  readonly order = new LockOrder(classOf, (cycle) => this.cycles.push(cycle));

  /** An operation that takes locks one inside the other. */
  nest(...locks: readonly number[]): this {
    this.order.begin();
    for (const lock of locks) this.order.locked(lock);
    for (const lock of [...locks].reverse()) this.order.unlocked(lock);
    return this;
  }

  get text(): string[] {
    return this.cycles.map((cycle) =>
      cycle.map(({ held, taken, operation }) => `${operation}: ${held} > ${taken}`).join(', '),
    );
  }
}

test('locks of different classes that are always taken in one order close no cycle', () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 4 })), (all) => {
      const run = new Run();
      for (const classes of all) run.nest(...[...classes].sort().map((number) => 10 + 10 * number));
      assert.deepEqual(run.cycles, []);
    }),
  );
});

test('two classes in both orders are a cycle, reported with the operation of each half', () => {
  assert.deepEqual(new Run().nest(10, 20).nest(10, 21).nest(22, 11).nest(20, 10).text, [
    '2: b > a, 0: a > b',
  ]);
});

test('a cycle of three classes is detected, with its edges in order', () => {
  assert.deepEqual(new Run().nest(10, 20).nest(20, 30).nest(40, 10).nest(30, 10).text, [
    '3: c > a, 0: a > b, 1: b > c',
  ]);
});

test('two nested locks of one class are a cycle', () => {
  assert.deepEqual(new Run().nest(10).nest(11).nest(10, 11).nest(11, 10).text, ['2: a > a']);
});

test('locks that are not nested have no order', () => {
  assert.deepEqual(new Run().nest(10).nest(20).nest(10).text, []);
  const run = new Run();
  run.order.begin();
  for (const [taken, released] of [
    [10, 10],
    [20, 20],
    [10, 10],
  ] as const) {
    run.order.locked(taken);
    run.order.unlocked(released);
  }
  assert.deepEqual(run.text, []);
});

test('a lock that is released out of order is no longer held, and the others are', () => {
  const run = new Run();
  run.order.begin();
  for (const lock of [10, 20]) run.order.locked(lock);
  run.order.unlocked(10);
  // If the first lock were still held, its class would be nested in itself.
  run.order.locked(11);
  assert.deepEqual(run.text, ['0: b > a, 0: a > b']);
});

test('a lock at the address of a freed one has a class of its own', () => {
  let suffix = 'old';
  const cycles: (readonly Edge[])[] = [];
  const order = new LockOrder(
    (lock) => `${classOf(lock)} ${suffix}`,
    (cycle) => cycles.push(cycle),
  );
  const nest = (outer: number, inner: number): void => {
    order.begin();
    order.locked(outer);
    order.locked(inner);
    order.unlocked(inner);
    order.unlocked(outer);
  };
  nest(10, 20);
  order.freed(8, 4);
  suffix = 'new';
  nest(20, 10);
  assert.equal(cycles.length, 0);
  nest(10, 20);
  assert.equal(cycles.length, 1);
});
