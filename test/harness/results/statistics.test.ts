import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUITES } from '../../../harness/method.js';
import {
  carriesVerdict,
  compareFamily as compareEstimates,
  differenceOf,
  holm,
  isToldFromZero,
  meanOf,
  pairedDifference,
  pairedLogRatio,
  sideOfOne,
  tInterval,
  tTest,
} from '../../../harness/results/statistics.js';

const compareFamily = (family: number[][], band: number, confidence: number) =>
  compareEstimates(family.map(meanOf), band, confidence);

const close = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('a process’s figure is the median of the log ratios of its rounds', () => {
  close(pairedLogRatio([2, 4, 80], [1, 2, 4]), Math.log(2));
  assert.throws(() => pairedLogRatio([1, 2], [1]), RangeError);
  assert.throws(() => pairedLogRatio([], []), RangeError);
});

test('a difference is the median over rounds of the differences in the same round', () => {
  assert.equal(pairedDifference([2, 4, 80], [1, 2, 4]), 2);
  assert.throws(() => pairedDifference([1, 2], [1]), RangeError);
  assert.throws(() => pairedDifference([], []), RangeError);
});

test('a difference is told from 0 where its interval excludes 0 and five processes say so', () => {
  const between = (low: number, high: number, n = 5) => ({ estimate: (low + high) / 2, low, high, n });
  assert.ok(isToldFromZero(between(0.1, 0.3)) && isToldFromZero(between(-0.3, -0.1)));
  assert.ok(!isToldFromZero(between(-0.1, 0.3)) && !isToldFromZero(between(0.1, 0.3, 4)));
});

test('the t interval of 1 to 5 is that of the tables', () => {
  // t(0.975, 4) = 2.776445; s = sqrt(2.5); half = t * s / sqrt(5).
  const { estimate, low, high } = tInterval(meanOf([1, 2, 3, 4, 5]), 0.95);
  const half = (2.776445105 * Math.sqrt(2.5)) / Math.sqrt(5);
  close(estimate, 3);
  close(low, 3 - half, 1e-6);
  close(high, 3 + half, 1e-6);
});

test('one value has no bounds and no significance', () => {
  assert.deepEqual(tInterval(meanOf([3]), 0.95), { estimate: 3, low: -Infinity, high: Infinity });
  assert.equal(tTest(meanOf([3])), 1);
});

test('p is the two-sided tail of Student’s t', () => {
  // mean 3, standard error 0.7071: t = 4.2426 at 4 degrees of freedom.
  close(tTest(meanOf([1, 2, 3, 4, 5])), 0.0132, 5e-5);
  assert.equal(tTest(meanOf([0, 0, 0])), 1);
});

test('Holm multiplies the smallest p by the number of tests, the next by one less, and never decreases', () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]).map(({ p }) => p);
  for (const [index, p] of adjusted.entries()) close(p, [0.03, 0.06, 0.06, 0.02][index] as number);
  assert.deepEqual(
    holm([0.9, 0.8]).map(({ p }) => p),
    [1, 1],
  );
});

/** Processes whose log ratios scatter a little around a ratio. */
const around = (ratio: number, spread: number) =>
  [-1.2, -0.6, -0.1, 0.2, 0.7, 1].map((z) => Math.log(ratio) + z * spread);

test('the band comes before significance: a ratio separated from 1 but inside the band is equivalent', () => {
  const [comparison] = compareFamily([around(1.01, 0.001)], 0.03, 0.95);
  assert.ok((comparison?.adjustedP ?? 1) < 0.05);
  assert.equal(comparison?.verdict, 'equivalent');
});

test('outside the band a ratio is faster, slower, or not separated', () => {
  const verdicts = compareFamily([around(0.8, 0.01), around(1.2, 0.01), around(1.05, 0.2)], 0.03, 0.95);
  assert.deepEqual(
    verdicts.map(({ verdict }) => verdict),
    ['faster', 'slower', 'not separated'],
  );
});

test('four processes carry no verdict, whatever they say, and five do', () => {
  const processes = [-0.5, -0.1, 0.2, 0.4, 0.6].map((z) => 0.001 * z);
  const shifted = (ratio: number, n: number) => processes.slice(0, n).map((z) => Math.log(ratio) + z);
  const verdicts = (n: number) =>
    compareFamily(
      [0.8, 1, 1.2].map((ratio) => shifted(ratio, n)),
      0.03,
      0.95,
    ).map(({ verdict, ratio }) => [verdict, ratio.n]);
  assert.deepEqual(verdicts(4), [
    [null, 4],
    [null, 4],
    [null, 4],
  ]);
  assert.deepEqual(verdicts(5), [
    ['faster', 5],
    ['equivalent', 5],
    ['slower', 5],
  ]);
});

test('a difference of two runs has a verdict only where each has five processes', () => {
  const run = (ratio: number, n: number) =>
    Array.from({ length: n }, (_, processNumber) => Math.log(ratio) + 0.001 * processNumber);
  const verdict = (n: number, others: number) =>
    compareEstimates([differenceOf(run(1.5, n), run(1, others))], 0.03, 0.95)[0]?.verdict;
  assert.deepEqual(
    [verdict(5, 5), verdict(20, 4), verdict(4, 20), verdict(1, 1)],
    ['slower', null, null, null],
  );
});

test('a ratio is on a side of 1 where its interval excludes 1 and five processes say so', () => {
  const around = (low: number, high: number, n = 5) => ({ estimate: Math.sqrt(low * high), low, high, n });
  assert.equal(sideOfOne(around(0.4, 0.5)), 'below');
  assert.equal(sideOfOne(around(1.4, 1.5)), 'above');
  assert.equal(sideOfOne(around(0.9, 1.1)), null);
  assert.equal(sideOfOne(around(0.4, 0.5, 4)), null);
});

test('the default and the full suite have the processes for a verdict in each language, and 12 or more in C', () => {
  for (const { processes } of [SUITES.default, SUITES.full]) {
    assert.ok(Object.values(processes).every(carriesVerdict));
    assert.ok(processes.c >= 12);
  }
  assert.ok(!Object.values(SUITES.quick.processes).some(carriesVerdict));
});

test('a larger family needs more to separate', () => {
  const marginal = around(1.05, 0.04);
  const [alone] = compareFamily([marginal], 0.03, 0.95);
  const [among] = compareFamily([marginal, ...Array.from({ length: 9 }, () => around(1, 0.5))], 0.03, 0.95);
  assert.equal(alone?.verdict, 'slower');
  assert.equal(among?.verdict, 'not separated');
  assert.ok((among?.adjusted.high ?? 0) > (alone?.adjusted.high ?? 0));
});

test('what could have been separated is what the adjusted interval reaches to', () => {
  const [comparison] = compareFamily([around(1, 0.02)], 0.03, 0.95);
  const { separable, adjusted } = comparison ?? assert.fail();
  close(separable, Math.sqrt(adjusted.high / adjusted.low) - 1);
  const moved = (ratio: number) => compareFamily([around(ratio, 0.02)], 1e-9, 0.95)[0]?.verdict;
  assert.equal(moved((1 + separable) * 1.001), 'slower');
  assert.equal(moved((1 + separable) / 1.001), 'not separated');
  assert.equal(compareFamily([[0.1]], 0.03, 0.95)[0]?.separable, Infinity);
});

test('the difference of two samples has Welch’s error and degrees of freedom', () => {
  // Variances 2.5 and 10, five values each: error^2 = 0.5 + 2; degrees = 2.5^2 / (0.5^2 / 4 + 2^2 / 4).
  const { mean, error, degrees } = differenceOf([1, 2, 3, 4, 5], [0, 2, 4, 6, 8]);
  close(mean, -1);
  close(error, Math.sqrt(2.5));
  close(degrees, 6.25 / 1.0625);
  assert.equal(differenceOf([1], [1, 2]).degrees, 0);
  assert.deepEqual(differenceOf([2, 2], [1, 1]), { mean: 1, error: 0, degrees: 2, n: 2 });
});
