import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ranking, rank } from '../../../harness/results/ranking.js';

const RUN = { band: 0.03, confidence: 0.95 };

/** Alternates around 0, so that a mean of `processes` logarithms has a known error. */
const noiseOf = (spread: number, process: number) => (process % 2 === 0 ? spread : -spread);

/** Ranks strategies by their true times; `spread` is the noise of a process's log ratio. */
function rankOf(times: Readonly<Record<string, number>>, spread = 0.01, processes = 10): Ranking | null {
  return rank(
    Object.keys(times),
    (one, other) =>
      Array.from(
        { length: processes },
        (_, process) =>
          Math.log((times[one] as number) / (times[other] as number)) + noiseOf(spread, process),
      ),
    RUN,
  );
}

const numbers = (ranking: Ranking | null) => ranking?.map(({ rank: place }) => place);

test('a rank is 1 and the number of strategies that are shown to be faster', () => {
  assert.deepEqual(numbers(rankOf({ slow: 3, fast: 1, middle: 2 })), [3, 1, 2]);
});

test('strategies within the band, or with intervals that include 1, share a rank', () => {
  assert.deepEqual(numbers(rankOf({ one: 1, other: 1.01, hash: 2 })), [1, 1, 3]);
  assert.deepEqual(numbers(rankOf({ one: 1, other: 1.1, hash: 2 }, 0.3)), [1, 1, 3]);
  assert.deepEqual(
    rankOf({ one: 1, other: 0.995 }),
    ['one', 'other'].map((strategy) => ({ strategy, rank: 1, isLast: true })),
  );
});

test('a strategy between two that are told apart is counted against neither', () => {
  // Holm's steps: only the outer pair differs by enough.
  const ranking = rankOf({ first: 1, between: 1.06, last: 1.12 }, 0.1);
  assert.deepEqual(numbers(ranking), [1, 1, 2]);
  assert.deepEqual(
    ranking?.map(({ isLast }) => isLast),
    [false, true, true],
  );
});

test('too few processes have no ranking', () => {
  assert.equal(rankOf({ one: 1, other: 2 }, 0.01, 4), null);
  assert.equal(rankOf({ one: 1, other: 2 }, 0.01, 0), null);
});

test('a single strategy has rank 1', () => {
  assert.deepEqual(rankOf({ one: 1 }), [{ strategy: 'one', rank: 1, isLast: true }]);
});
