// The steps of an update.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DECOMPOSITION } from '../../../harness/method.js';
import type { Results, Series } from '../../../harness/results/results.js';
import { isToldFromZero } from '../../../harness/results/statistics.js';
import { countsOfLoad, largestStep, leadingSteps, STEPS } from '../../../reports/figures/decomposition.js';
import { renderFullText } from '../../../reports/text/full-text.js';
import { decomposedResults, syntheticResults } from '../synthetic-results.js';

const results = decomposedResults();

/** The steps in C of the host with this number of IOMMUs. */
const stepsAt = (iommus: number, run: Results = results) =>
  leadingSteps(run).find((one) => one.iommus === iommus);

/** A step with its interval. */
const stepOf = ({ steps }: NonNullable<ReturnType<typeof stepsAt>>, index: number) =>
  steps[index] as (typeof steps)[number];

/** All series of a run's decomposition. */
const allSeries = (run: Results): Series[] => run.decomposition.flatMap(({ cell }) => cell.timing.series);

test('each step goes from one strategy to the next', () => {
  assert.deepEqual([STEPS[0]?.from, ...STEPS.map(({ to }) => to)], [...DECOMPOSITION.strategies]);
});

test('a step is the difference of neighbours with its interval, and the steps add up to the whole', () => {
  const times = stepsAt(8);
  assert.ok(times);
  for (const [index, expected] of [56, 2, 18, -3, 5, 10, 5].entries()) {
    const { estimate, low, high, n } = times.steps[index] as (typeof times.steps)[number];
    assert.ok(Math.abs(estimate - expected) < 1, `${index}: ${estimate}`);
    assert.ok(low < estimate && estimate < high);
    assert.equal(n, 12);
  }
  const sum = times.steps.reduce((total, { estimate }) => total + estimate, 0);
  assert.ok(Math.abs(times.whole.estimate - sum) < 1e-9);
  const untaken = (times.steps[4]?.estimate ?? 0) + (times.steps[5]?.estimate ?? 0);
  assert.ok(Math.abs(times.untaken.estimate - untaken) < 1e-9);
  assert.equal(largestStep(times).step.to, 'shared-hash');
});

test('a step is paired by round: a disturbance that all share changes no step', () => {
  const shaken = structuredClone(results);
  for (const series of allSeries(shaken)) {
    series.samples = series.samples.map((ns, round) => ns + (round % 2 === 0 ? 1000 : 0));
  }
  assert.equal(stepsAt(8, shaken)?.whole.estimate.toFixed(6), stepsAt(8)?.whole.estimate.toFixed(6));
});

test('a load has the counts of its strategy, from which those of a step follow', () => {
  const host = results.decomposition.find(({ iommus }) => iommus === 8);
  assert.ok(host);
  const [hash, shared] = ['opaque-tag-hash', 'shared-hash'].map((id) => countsOfLoad(host, id));
  assert.ok(hash && shared);
  assert.deepEqual(
    hash.map((count, index) => count - (shared[index] ?? 0)),
    [14, 7, -1],
  );
  assert.equal(countsOfLoad(host, 'merged-7.3'), null);
});

test('a step whose interval includes 0 is inconclusive, and with four processes all are', () => {
  const flat = decomposedResults((strategy, iommus) =>
    strategy === 'opaque-tag-hash' ? 54 + 8 * iommus : 62,
  );
  const steps = stepsAt(8, flat);
  assert.ok(steps);
  const open = STEPS.filter((_, index) => !isToldFromZero(stepOf(steps, index))).map(({ to }) => to);
  assert.ok(!open.includes('shared-hash') && open.length >= 4, open.join());
  const text = renderFullText(flat).replace(/\s+/g, ' ');
  assert.match(text, / ~ .*what changes|what changes.* ~ /);
  const few = structuredClone(results);
  for (const { cell } of few.decomposition) {
    cell.timing.series = cell.timing.series.filter(
      ({ lane, processNumber }) => lane === 'c' && processNumber < 4,
    );
  }
  const left = stepsAt(8, few);
  assert.ok(left && STEPS.every((_, index) => !isToldFromZero(stepOf(left, index))));
  assert.match(
    renderFullText(few).replace(/\s+/g, ' '),
    /all steps together save \S+ \[[^\]]*\] ns of an update, inconclusive\./,
  );
});

test('without C the steps in V8 lead, and a run without the decomposition says how to get it', () => {
  const inV8 = structuredClone(results);
  for (const { cell } of inV8.decomposition) {
    cell.timing.series = cell.timing.series.filter(({ lane }) => lane === 'v8');
  }
  assert.equal(stepsAt(8, inV8)?.lane, 'v8');
  assert.match(renderFullText(syntheticResults()), /--sweep decomposition does/);
});
