import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RoundReply } from '../../../harness/process/timed-protocol.js';
import { concurrently } from '../../../harness/process/workshop.js';
import { lanesOfSet, runTwice, setsOf, undoneOf } from '../../../harness/timing/cell-runner.js';
import { type RoundTaker, roundOrders, takeRounds } from '../../../harness/timing/rounds.js';
import { randomFrom } from '../../../machine/random.js';

test('over n rounds each of n processes takes each place once', () => {
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

test('a language takes part in as many sets as it has processes, evenly spread from the first on', () => {
  const setsWith = (lane: 'v8' | 'c', processes: { v8: number; c: number }) =>
    Array.from({ length: setsOf(processes) }, (_, set) => set).filter((set) =>
      lanesOfSet(processes, set).includes(lane),
    );
  const all = Array.from({ length: 12 }, (_, set) => set);
  assert.deepEqual(setsWith('c', { v8: 10, c: 5 }), [0, 2, 4, 6, 8]);
  assert.deepEqual(setsWith('c', { v8: 3, c: 2 }), [0, 2]);
  assert.deepEqual(setsWith('c', { v8: 5, c: 12 }), all);
  assert.deepEqual(setsWith('v8', { v8: 5, c: 12 }), [0, 3, 5, 8, 10]);
  assert.deepEqual(setsWith('c', { v8: 4, c: 0 }), []);
  assert.deepEqual(setsWith('v8', { v8: 1, c: 1 }), [0]);
});

test('work runs at most N items at a time, and its results keep their order', async () => {
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

/** A process with a given wait in each round that it takes, in ms. */
function fakeTaker(waits: readonly number[], log: string[], name: string): RoundTaker {
  let taken = 0;
  return {
    child: {
      ask: async <T extends object>(line: string): Promise<T> => {
        assert.equal(line, 'round 4');
        log.push(name);
        const waitMs = waits[taken++] ?? 0;
        const cpuNs = 5_000_000;
        const reply: RoundReply = {
          batchNs: 1000 * taken,
          roundNs: cpuNs + 1e6 * waitMs,
          cpuNs,
          collections: taken,
        };
        return reply as unknown as T;
      },
      kill: () => {},
    },
    samples: [],
    collections: [],
    disturbed: [],
    standing: [],
    replays: 0,
    error: null,
    isOfMachine: false,
  };
}

/** Stops the runner's clocks, so that a pause of the machine is no jump. @returns A function that sets the wall clock. */
function holdClocks(t: TestContext): (milliseconds: number) => void {
  let wall = 0;
  t.mock.method(Date, 'now', () => wall);
  t.mock.method(performance, 'now', () => 0);
  return (milliseconds) => {
    wall = milliseconds;
  };
}

/** Runs three rounds of two fake processes: 4 windows of 10 operations, the first process changing each time. */
async function takeThree(takers: readonly RoundTaker[]): Promise<void> {
  const orders = [
    [0, 1],
    [1, 0],
    [0, 1],
  ];
  await takeRounds(takers, { rounds: 3, operationsPerWindow: 10 }, 4, orders.values());
}

test('if one process is disturbed in a round, all take it once more, and the first round does not count', async (t) => {
  holdClocks(t);
  const log: string[] = [];
  const takers = [fakeTaker([0, 8], log, 'a'), fakeTaker([], log, 'b')];
  await takeThree(takers);
  assert.equal(log.join(''), 'abbabaab');
  const [one, other] = takers as [RoundTaker, RoundTaker];
  for (const taker of takers) {
    // Of the four batches of 1000, 2000, 3000 and 4000 ns the second is left out.
    assert.deepEqual(taker.samples, [25, 75, 100]);
    assert.deepEqual(taker.collections, [1, 3, 4]);
    assert.deepEqual(taker.standing, []);
    assert.equal(taker.replays, 4 * (1 + 4));
    const [{ round, ns, collections } = {}, ...more] = taker.disturbed;
    assert.deepEqual([round, ns, collections, more], [1, 50, 2, []]);
  }
  assert.deepEqual([one.disturbed[0]?.isOwn, other.disturbed[0]?.isOwn], [true, false]);
  assert.deepEqual([one.disturbed[0]?.roundNs, one.disturbed[0]?.cpuNs], [13_000_000, 5_000_000]);
});

test('a round that is disturbed again counts, and names the process', async (t) => {
  holdClocks(t);
  const takers = [fakeTaker([0, 8, 0], [], 'a'), fakeTaker([0, 0, 9], [], 'b')];
  await takeThree(takers);
  const [one, other] = takers as [RoundTaker, RoundTaker];
  for (const taker of takers) {
    assert.deepEqual(taker.samples, [25, 75, 100]);
    assert.deepEqual(
      taker.disturbed.map(({ round }) => round),
      [1],
    );
  }
  assert.deepEqual(one.standing, []);
  assert.deepEqual(
    other.standing.map(({ round, roundNs }) => [round, roundNs]),
    [[1, 14_000_000]],
  );
});

test('a wait that is short for the length of a round does not disturb it; a wall clock that jumps does', async (t) => {
  const setClock = holdClocks(t);
  const takers = [fakeTaker([0.5, 1, 1.05], [], 'a'), fakeTaker([], [], 'b')];
  await takeThree(takers);
  assert.deepEqual(
    takers.map(({ disturbed }) => disturbed),
    [[], []],
  );
  const suspended = fakeTaker([], [], 'c');
  const { ask } = suspended.child;
  let rounds = 0;
  const child = {
    ...suspended.child,
    ask: <T extends object>(line: string): Promise<T> => {
      if (++rounds === 2) setClock(-3_600_000);
      return ask<T>(line);
    },
  };
  const takersThen = [fakeTaker([], [], 'a'), { ...suspended, child }];
  await takeThree(takersThen);
  for (const [index, { disturbed, standing }] of takersThen.entries()) {
    assert.deepEqual(
      disturbed.map(({ round, isOwn }) => [round, isOwn]),
      [[1, index === 1]],
    );
    assert.deepEqual(standing, []);
  }
});

test('a process that fails in a round does not stop the others', async (t) => {
  holdClocks(t);
  const failing = fakeTaker([], [], 'b');
  const child = { ask: () => Promise.reject(new Error('it died')), kill: () => {} };
  const takers = [fakeTaker([0, 8], [], 'a'), { ...failing, child }];
  await takeThree(takers);
  assert.deepEqual(
    takers.map(({ samples, disturbed, error }) => [samples.length, disturbed.length, error]),
    [
      [3, 1, null],
      [0, 0, 'it died'],
    ],
  );
});

/** Runs of one set, each of one process with this error. */
const runsOf = (...errors: (string | null)[]) => {
  const series = errors.map((error) => [
    { strategy: 'floor', error, isOfMachine: error?.includes('SIG') === true },
  ]);
  return async () => series.shift() ?? assert.fail('a third run');
};

test('a set in which the machine ended a process is run once more, and one line says so', async () => {
  const notes: string[] = [];
  const again = await runTwice('set 2 of pinned', (line) => notes.push(line), runsOf('by SIGKILL', null));
  assert.deepEqual(again, [{ strategy: 'floor', error: null, isOfMachine: false }]);
  assert.deepEqual(notes, ['set 2 of pinned, floor: by SIGKILL; the set was run again']);
  assert.deepEqual(undoneOf(again, 'pinned', 'timed'), []);
});

test('what the machine ended in both runs of a set could not be timed; what the strategy ended is not run again', async () => {
  const note = () => assert.fail('a set that succeeded');
  const failed = await runTwice('set 2', note, runsOf('by SIGKILL', 'by SIGABRT'));
  assert.deepEqual(undoneOf(failed, 'pinned', 'timed'), [
    { strategy: 'floor', where: 'pinned', what: 'timed', reason: 'by SIGABRT' },
  ]);
  const ended = await runTwice('set 2', note, runsOf('it threw'));
  assert.deepEqual(undoneOf(ended, 'pinned', 'timed'), []);
});
