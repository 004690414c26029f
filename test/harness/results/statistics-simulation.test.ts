// The inference on simulated runs, in which the truth is known: how often an interval holds it, how often a
// difference is seen where there is none, and how often one that is there is seen.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import jstat from 'jstat';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { BASELINE, CONFIDENCE, EQUIVALENCE_BAND, SUITES } from '../../../harness/method.js';
import {
  type Comparison,
  compareFamily,
  type Estimate,
  meanOf,
  pairedLogRatio,
} from '../../../harness/results/statistics.js';
import { BUILT_IN } from '../../../strategies/index.js';

const {
  processes: { alone: PROCESSES },
  rounds: ROUNDS,
} = SUITES.default;
const RUNS = 6000;

/** Standard deviation of ln(time) between processes, and of a batch within one. */
const BETWEEN = 0.028;
const WITHIN = 0.05;

const generator = xoroshiro128plus(2016);
const uniform = (): number => uniformFloat64(generator);
jstat.setRandom(uniform);
const normal = (deviation: number): number => deviation * jstat.randn();

/** ln(time) of a process's batches beside its own level, and of a process beside its strategy's. */
type Within = () => number[];
type Between = () => number;

const within: Readonly<Record<string, Within>> = {
  lognormal: () => Array.from({ length: ROUNDS }, () => normal(WITHIN)),
  bimodal: () =>
    Array.from({ length: ROUNDS }, () => normal(WITHIN / 5) + (uniform() < 0.25 ? Math.log(1.3) : 0)),
  autocorrelated: () => {
    const carried = 0.8;
    let level = normal(WITHIN);
    return Array.from({ length: ROUNDS }, () => {
      level = carried * level + normal(WITHIN * Math.sqrt(1 - carried ** 2));
      return level;
    });
  },
};

const normalBetween: Between = () => normal(BETWEEN);

/** A process in ten falls into a mode that is 15 % slower. */
const SLOW_SHARE = 0.1;
const SLOW_MODE = Math.log(1.15);
const bimodalBetween: Between = () => normal(BETWEEN / 5) + (uniform() < SLOW_SHARE ? SLOW_MODE : 0);

/** Each process's log ratio of strategies with such true ratios, all to one baseline that runs in the same processes. */
function simulate(
  ratios: readonly number[],
  between: Between,
  noise: Within,
  betweenBaselines: Between = between,
): Estimate[] {
  const processes = (ratio: number, level: Between): number[][] =>
    Array.from({ length: PROCESSES }, () => {
      const own = Math.log(ratio) + level();
      return noise().map((value) => Math.exp(own + value));
    });
  const baseline = processes(1, betweenBaselines);
  return ratios.map((ratio) => {
    const drawn = processes(ratio, between);
    return meanOf(
      drawn.map((samples, processNumber) => pairedLogRatio(samples, baseline[processNumber] as number[])),
    );
  });
}

/** The comparisons of many runs. */
function runs(ratios: readonly number[], between: Between, noise: Within, count = RUNS): Comparison[][] {
  return Array.from({ length: count }, () =>
    compareFamily(simulate(ratios, between, noise), EQUIVALENCE_BAND, CONFIDENCE),
  );
}

const shareOf = <T>(items: readonly T[], holds: (item: T) => boolean): number =>
  items.filter(holds).length / items.length;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const isSeparated = ({ verdict }: Comparison): boolean => verdict === 'faster' || verdict === 'slower';

/** Asserts that a share is at most so much, beyond what a simulation of so many runs can tell. */
function assertAtMost(t: TestContext, what: string, share: number, most: number, count: number): void {
  const doubt = 3 * Math.sqrt((most * (1 - most)) / count);
  t.diagnostic(`${what}: ${percent(share)}`);
  assert.ok(share <= most + doubt, `${what}: ${percent(share)}`);
}

for (const [name, noise] of Object.entries(within)) {
  test(`the 95 % interval holds the truth in 93 to 97 % of runs with ${name} noise in a process`, (t) => {
    const truth = 1.07;
    const comparisons = runs([truth], normalBetween, noise).flat();
    const coverage = shareOf(comparisons, ({ ratio }) => ratio.low <= truth && truth <= ratio.high);
    t.diagnostic(`coverage: ${percent(coverage)}`);
    assert.ok(coverage > 0.93 && coverage < 0.97, percent(coverage));
  });

  test(`a difference is seen where there is none in at most 5 % of runs with ${name} noise`, (t) => {
    const comparisons = runs([1], normalBetween, noise).flat();
    const flagged = shareOf(comparisons, ({ p }) => p < 1 - CONFIDENCE);
    assertAtMost(t, 'interval excludes 1', flagged, 1 - CONFIDENCE, RUNS);
    assertAtMost(t, 'verdict faster or slower', shareOf(comparisons, isSeparated), 1 - CONFIDENCE, RUNS);
  });
}

const FAMILY = BUILT_IN.filter((id) => id !== BASELINE).length;

test('some difference is seen among all strategies where there is none in at most 5 % of runs', (t) => {
  const count = RUNS / 2;
  const families = runs(new Array(FAMILY).fill(1), normalBetween, within.lognormal as Within, count);
  const anyIn = (holds: (one: Comparison) => boolean) => shareOf(families, (family) => family.some(holds));
  assertAtMost(t, `a verdict among ${FAMILY}`, anyIn(isSeparated), 1 - CONFIDENCE, count);
  const adjusted = anyIn(({ adjustedP }) => adjustedP < 1 - CONFIDENCE);
  assertAtMost(t, `an adjusted p among ${FAMILY}`, adjusted, 1 - CONFIDENCE, count);
  const unadjusted = anyIn(({ p }) => p < 1 - CONFIDENCE);
  assert.ok(unadjusted > 0.1, `without Holm it would be ${percent(unadjusted)}: the simulation sees nothing`);
});

test('the power: how often a difference that is there is seen', (t) => {
  const count = RUNS / 4;
  const powers = [1.03, 1.05, 1.1].map((truth) => {
    const others = new Array(FAMILY - 1).fill(1);
    const alone = runs([truth], normalBetween, within.lognormal as Within, count).flat();
    const among = runs([truth, ...others], normalBetween, within.lognormal as Within, count);
    const found = shareOf(alone, ({ verdict }) => verdict === 'slower');
    const foundAmong = shareOf(among, ([first]) => first?.verdict === 'slower');
    t.diagnostic(`${percent(truth - 1)} slower: ${percent(found)}, among ${FAMILY} ${percent(foundAmong)}`);
    return found;
  });
  const [three, five, ten] = powers as [number, number, number];
  assert.ok(three < five && five < ten);
  assert.ok(ten > 0.99, percent(ten));
});

test('a known limit: where few processes fall into a slow mode, the interval holds the truth less often', (t) => {
  // Only the strategy is bimodal, so that nothing cancels, and its batches differ little, so that no other noise covers the
  // modes. The truth is the mean over processes.
  const truth = Math.exp(SLOW_SHARE * SLOW_MODE);
  const count = RUNS / 2;
  const noise: Within = () => Array.from({ length: ROUNDS }, () => normal(WITHIN / 5));
  const covered = Array.from({ length: count }, () => {
    const estimates = simulate([1], bimodalBetween, noise, () => normal(BETWEEN / 5));
    const [{ ratio }] = compareFamily(estimates, EQUIVALENCE_BAND, CONFIDENCE) as [Comparison];
    return ratio.low <= truth && truth <= ratio.high;
  });
  const coverage = shareOf(covered, Boolean);
  t.diagnostic(`coverage: ${percent(coverage)}`);
  assert.ok(coverage < 0.93, percent(coverage));
});
