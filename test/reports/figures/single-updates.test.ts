import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Results } from '../../../harness/results/results.js';
import { singleSentences } from '../../../reports/figures/single-updates.js';
import { renderFullText } from '../../../reports/text/full-text.js';
import { syntheticResults } from '../synthetic-results.js';

function withChain(chain: Partial<NonNullable<Results['singleUpdates']['chain']>> | null): string {
  const results = syntheticResults();
  const { singleUpdates } = results;
  singleUpdates.chain = chain === null ? null : (Object.assign({ ...singleUpdates.chain }, chain) as never);
  return singleSentences(results)[1] ?? '';
}

test('evictions that leave lines in a cache are told, and not judged without huge pages', () => {
  assert.match(withChain({}), /^Evicted lines cost 147 ns, and DRAM 177 ns, so they come from memory\.$/);
  for (const evictedNs of [4, 400]) {
    assert.match(withChain({ evictedNs }), /outside 0\.7 to 1\.5\. DO NOT TRUST/);
    assert.match(withChain({ evictedNs, hugePages: false }), /not compared\.$/);
  }
  assert.match(withChain(null), /check of the evictions failed/);
});

test('an A/A control whose cold interval excludes 1 is told', () => {
  const results = syntheticResults();
  assert.equal(singleSentences(results).length, 2);
  const [, point] = results.singleUpdates.points;
  for (const { cold } of point?.strategies.find(({ role }) => role === 'twin')?.processes ?? []) {
    if (cold !== null) cold.medianNs *= 1.2;
  }
  assert.match(singleSentences(results)[2] ?? '', /cold A\/A control excludes 1 for 2 entries: 1\.2/);
});

test('a run without single updates says why, in one sentence and no table', () => {
  const results = syntheticResults();
  results.singleUpdates = { reason: 'the CPU has no rdtscp', chain: null, points: [] };
  assert.deepEqual(singleSentences(results), []);
  const text = renderFullText(results).replace(/\s+/g, ' ');
  assert.match(text, /Single updates were not timed: the CPU has no rdtscp\./);
  assert.match(text, /cold caches and interrupts-off time/);
});

test('a strategy with a void process has no figures, and its reason is told', () => {
  const results = syntheticResults();
  for (const { strategies } of results.singleUpdates.points) {
    const floor = strategies.find(({ strategy }) => strategy === 'floor');
    Object.assign(floor?.processes[0] ?? {}, { digestMatches: false });
  }
  const [, table = ''] =
    /One update of a vCPU with 2 IRTEs(.*?)results\.json/s.exec(renderFullText(results)) ?? [];
  assert.match(table, /^A\/A control /m);
  assert.doesNotMatch(table, /^floor /m);
  assert.match(singleSentences(results)[2] ?? '', /^floor has no valid times: process 0 ended with memory/);
});
