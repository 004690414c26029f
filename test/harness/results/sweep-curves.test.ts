import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossingOverProcesses, slopeOverProcesses } from '../../../harness/results/sweep-curves.js';

const PLACES = [1, 4, 16, 64];

/** A power law whose processes have exponents and factors of their own. */
const powers = (exponents: readonly number[]) =>
  PLACES.map((x) => ({
    x,
    figures: exponents.map((exponent, processNumber) => (1 + processNumber) * x ** exponent),
  }));

test('the slope is the mean of the exponents of the processes, whatever their factors', () => {
  const slope = slopeOverProcesses(powers([0.4, 0.5, 0.6]), 0.95);
  assert.ok(slope && Math.abs(slope.estimate - 0.5) < 1e-9);
  // Student's t with two degrees of freedom, by hand: 4.303 * 0.1 / sqrt(3).
  assert.ok(Math.abs(slope.high - slope.estimate - 0.2484) < 1e-3);
});

test('one process has a slope without bounds; one place, or no process, has none', () => {
  assert.deepEqual(slopeOverProcesses(powers([0.5]), 0.95)?.high, Infinity);
  assert.equal(slopeOverProcesses(powers([0.5]).slice(0, 1), 0.95), null);
  assert.equal(
    slopeOverProcesses(
      PLACES.map((x) => ({ x, figures: [] })),
      0.95,
    ),
    null,
  );
});

/** Log ratios of two power laws that cross at a place of each process's own. */
const crossingAt = (places: readonly number[]) =>
  PLACES.map((x) => ({ x, figures: places.map((place) => 0.5 * Math.log(x / place)) }));

test('two designs cross where the ratio is 1, between two places', () => {
  const { at, processes, of } = crossingOverProcesses(crossingAt([8, 8, 8]), 0.95);
  assert.deepEqual([processes, of], [3, 3]);
  assert.ok(at && Math.abs(at.estimate - 8) < 1e-9 && Math.abs(at.low - 8) < 1e-9);
});

test('the interval of a crossing is that of its logarithm over processes', () => {
  const { at } = crossingOverProcesses(crossingAt([4.5, 9, 18]), 0.95);
  assert.ok(at && Math.abs(at.estimate - 9) < 1e-9);
  assert.ok(at.low < 4.5 && at.high > 18);
});

test('where not all processes cross, it is told in how many, and no interval is given', () => {
  assert.deepEqual(crossingOverProcesses(crossingAt([8, 1000, 8]), 0.95), { processes: 2, of: 3, at: null });
  assert.deepEqual(crossingOverProcesses(crossingAt([1000, 1000]), 0.95), { processes: 0, of: 2, at: null });
});
