import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slopeOverProcesses } from '../../../harness/results/sweep-curves.js';

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
