import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concurrently, roundOrders } from '../../src/harness/cell-runner.js';
import { randomFrom } from '../../src/machine/random.js';

test('over as many rounds as contenders, each stands once in each place', () => {
  const orders = roundOrders(7, randomFrom(42));
  const square = Array.from({ length: 7 }, () => orders.next().value as number[]);
  const all = [0, 1, 2, 3, 4, 5, 6];
  for (const order of square) assert.deepEqual([...order].sort(), all);
  for (const place of all) assert.deepEqual(square.map((order) => order[place]).sort(), all);
});

test('orders are drawn anew for each square and by the seed', () => {
  const take = (seed: number) => {
    const orders = roundOrders(5, randomFrom(seed));
    return Array.from({ length: 10 }, () => (orders.next().value as number[]).join(''));
  };
  assert.deepEqual(take(1), take(1));
  assert.notDeepEqual(take(1), take(2));
  assert.notDeepEqual(take(1).slice(0, 5), take(1).slice(5));
});

test('work goes on so many at a time, and its results keep their order', async () => {
  let running = 0;
  let most = 0;
  const results = await concurrently([30, 10, 20, 5], 2, async (milliseconds) => {
    running++;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    running--;
    return milliseconds;
  });
  assert.deepEqual(results, [30, 10, 20, 5]);
  assert.equal(most, 2);
});
