import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cachedGaLogIntrExample,
  cachedGaLogIntrSentences,
} from '../../../reports/figures/cached-ga-log-intr.js';
import { syntheticResults } from '../synthetic-results.js';

test('a sentence says how many histories fail, and the shortest of them is shown', () => {
  const results = syntheticResults();
  const [one] = results.cachedGaLogIntr;
  assert.ok(one);
  const right = { strategy: 'merged-7.3', histories: 300, failures: [] };
  const longer = structuredClone(one);
  longer.failures[0]?.finding.counterexample?.steps.push('interrupt irq 0');
  const cachedGaLogIntr = [longer, one, right];
  assert.deepEqual(cachedGaLogIntrSentences({ ...results, cachedGaLogIntr }).slice(2), [
    'With the bit cached, merged-6.17 fails in 24 of 300 generated histories (lost-wakeup).',
    'With the bit cached, merged-7.3 fails in none of 300 generated histories.',
  ]);
  assert.equal(cachedGaLogIntrExample({ ...results, cachedGaLogIntr })?.steps.length, 7);
  assert.deepEqual(cachedGaLogIntrSentences({ ...results, cachedGaLogIntr: [] }), []);
  assert.equal(cachedGaLogIntrExample({ ...results, cachedGaLogIntr: [right] }), null);
});
