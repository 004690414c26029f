import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFailure } from '../../cli/outcome.js';
import type { Contention, Results } from '../../harness/results/results.js';
import { decomposedResults, syntheticResults } from '../reports/synthetic-results.js';

/** A run in which all is as it was to be expected. */
function calmResults(): Results & { contention: Contention } {
  const results = syntheticResults();
  for (const check of results.cells.flatMap(({ checks }) => checks)) {
    check.findings = [];
    check.matchesOracle = true;
  }
  for (const series of results.cells.flatMap(({ timing }) => timing.series)) {
    Object.assign(series, { samples: Array(10).fill(20), digestMatches: true, error: null });
  }
  assert.ok(results.contention);
  return { ...results, contention: results.contention };
}

test('a run in which all counts and nothing was found has no failure, with threads and without', () => {
  assert.equal(hasFailure(calmResults()), false);
  assert.equal(hasFailure({ ...calmResults(), contention: null }), false);
});

test('a strategy of the decomposition that is wrong or void on one of its hosts is a failure', () => {
  const calm = calmResults();
  const { decomposition, strategies } = decomposedResults();
  const known = { ...calm, strategies: calm.strategies, decomposition };
  assert.equal(hasFailure(known), false);
  // Strategies that no workload has.
  assert.ok(strategies.length > known.strategies.length);
  const wrong = structuredClone(known);
  const [check] = wrong.decomposition[1]?.cell.checks ?? [];
  const finding = syntheticResults()
    .cells.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings))
    .find(({ declaredBy }) => declaredBy === null);
  assert.ok(check && finding);
  check.findings = [finding];
  assert.equal(hasFailure(wrong), true);
  const spoilt = structuredClone(known);
  for (const series of spoilt.decomposition[3]?.cell.timing.series ?? []) {
    if (series.strategy === 'opaque-tag-hash' && series.processNumber === 0) series.digestMatches = false;
  }
  assert.equal(hasFailure(spoilt), true);
});

test('a process of single updates with other memory, or without times, is a failure unless the machine ended it', () => {
  for (const fault of [{ digestMatches: false }, { error: 'it ended with exit status 1' }]) {
    const results = calmResults();
    const [point] = results.singleUpdates.points;
    Object.assign(point?.strategies[2]?.processes[1] ?? {}, fault);
    assert.equal(hasFailure(results), true);
    const { strategy = '' } = point?.strategies[2] ?? {};
    results.undone.push({
      strategy,
      where: 'single-updates',
      what: 'timed',
      reason: 'it was killed by SIGKILL',
    });
    assert.equal(hasFailure(results), false);
  }
});

const FAULTS: readonly (readonly [string, (contention: Contention) => void])[] = [
  [
    'a process with threads that gave no figures',
    ({ series }) => Object.assign(series[3] ?? {}, { error: 'the child died' }),
  ],
  [
    'an end at which an entry is not what it should be',
    ({ series }) => Object.assign(series[3] ?? {}, { isQuiescent: false }),
  ],
  ['a process that is missing', ({ series }) => void series.splice(3, 1)],
  ['a run that is missing', ({ series }) => void series[3]?.runs.splice(1)],
  [
    'a finding that is not declared',
    ({ checks }) => {
      const [check] = checks;
      const finding = syntheticResults()
        .cells.flatMap((cell) => cell.checks)
        .flatMap(({ findings }) => findings)
        .find(({ declaredBy }) => declaredBy === null);
      assert.ok(check && finding);
      check.findings = [finding];
    },
  ],
];

for (const [what, spoil] of FAULTS) {
  test(`${what} is a failure`, () => {
    const results = calmResults();
    spoil(results.contention);
    assert.equal(hasFailure(results), true);
  });
}

test('a timing that the machine did not let be made is no failure of the strategy', () => {
  const results = calmResults();
  const [cell] = results.cells;
  assert.ok(cell);
  const series = cell.timing.series.find(({ role, lane }) => role === 'strategy' && lane === 'v8');
  assert.ok(series);
  Object.assign(series, { samples: [], digestMatches: false, error: 'it was killed by SIGKILL' });
  assert.equal(hasFailure(results), true);
  const { strategy } = series;
  results.undone.push({ strategy, where: cell.workload, what: 'timed', reason: 'it was killed by SIGKILL' });
  assert.equal(hasFailure(results), false);
});
