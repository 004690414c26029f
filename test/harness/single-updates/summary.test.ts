import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupedQuantile, summarise } from '../../../harness/single-updates/summary.js';
import { randomFrom } from '../../../machine/random.js';

const STEP = 26;
const SAMPLES = 1000;

/** Samples of a duration by a counter that advances in steps. Each sample begins anywhere in a step. */
function inSteps(durations: readonly number[]): number[] {
  const random = randomFrom(7);
  return durations.map((duration) => {
    const start = random.below(1e6) / 1e3;
    return (Math.floor((start + duration) / STEP) - Math.floor(start / STEP)) * STEP;
  });
}

test('a median is finer than a step of the counter', () => {
  for (let duration = 60; duration < 140; duration++) {
    const median = groupedQuantile(inSteps(Array(SAMPLES).fill(duration)), 0.5);
    assert.ok(Math.abs(median - duration) < 0.15 * STEP, `${median} instead of ${duration}`);
  }
});

test('quantiles of distinct values are within half a step of the nearest rank', () => {
  const samples = Array.from({ length: SAMPLES }, (_, index) => 3 * index);
  for (const part of [0.01, 0.5, 0.99, 1]) {
    const nearest = 3 * (Math.ceil(part * SAMPLES) - 1);
    assert.ok(Math.abs(groupedQuantile(samples, part) - nearest) <= 1.5);
  }
});

test('a summary is the mean of the medians of loads and of puts, without what an empty sample takes', () => {
  const ticks = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 300 : 200) + (index % 3) - 1);
  const { samples, medianNs, p99Ns } = summarise(ticks, [49, 50, 51], 0.5);
  assert.equal(samples, 200);
  assert.ok(Math.abs(medianNs - (250 - 50) / 2) < 0.5, String(medianNs));
  assert.ok(Math.abs(p99Ns - (301 - 50) / 2) < 0.5, String(p99Ns));
});

test('the 99th percentile is no maximum', () => {
  const ticks = [...Array(119).fill(100), 1e6];
  assert.ok(summarise(ticks, [0], 1).p99Ns < 1e5);
});
