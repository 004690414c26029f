// Inference for paired rounds in fresh processes. The unit is the process (fork): rounds within one share its
// memory layout and its compiled code, so they make a fork's figure steadier but are no replicates.
// Pure functions; distributions and quantiles are jStat's and simple-statistics'.
import jstat from 'jstat';
import { median } from 'simple-statistics';

/** An estimate with its confidence interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** What a comparison with the baseline can end in; the first that applies. */
export type Verdict = 'equivalent' | 'faster' | 'slower' | 'not separated';

/** A strategy against the baseline: ratios of time per operation, below 1 where it is faster. */
export interface Comparison {
  readonly forks: number;
  /** The ratio with its unadjusted interval. */
  readonly ratio: Interval;
  /** The same with the interval at the confidence that Holm's step leaves it within its family. */
  readonly adjusted: Interval;
  /** Two-sided p of "the ratio is 1", unadjusted and by Holm within the family. */
  readonly p: number;
  readonly adjustedP: number;
  readonly verdict: Verdict;
}

/**
 * One fork's figure: the median over rounds of ln(strategy / baseline), each in the same round.
 *
 * @throws RangeError if the two have not the same number of rounds, or none.
 */
export function pairedLogRatio(strategy: readonly number[], baseline: readonly number[]): number {
  if (strategy.length !== baseline.length || strategy.length === 0) {
    throw new RangeError(`cannot pair ${strategy.length} rounds with ${baseline.length}`);
  }
  return median(strategy.map((value, round) => Math.log(value / (baseline[round] as number))));
}

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (n - 1) / n) };
}

/**
 * Student's t interval for the mean of `values`; without bounds (infinite) for a single value.
 *
 * @param confidence - Such as 0.95.
 */
export function tInterval(values: readonly number[], confidence: number): Interval {
  const { mean, error } = meanAndError(values);
  if (values.length < 2) return { estimate: mean, low: -Infinity, high: Infinity };
  const half = jstat.studentt.inv(1 - (1 - confidence) / 2, values.length - 1) * error;
  return { estimate: mean, low: mean - half, high: mean + half };
}

/** Two-sided p of "the mean of `values` is 0" by Student's t; 1 for a single value. */
export function tTest(values: readonly number[]): number {
  if (values.length < 2) return 1;
  const { mean, error } = meanAndError(values);
  if (error === 0) return mean === 0 ? 1 : 0;
  return 2 * (1 - jstat.studentt.cdf(Math.abs(mean) / error, values.length - 1));
}

/**
 * Holm's adjustment of a family of p values (Holm 1979), in the order given.
 *
 * @returns For each the adjusted p, and the factor by which its step divides the error rate.
 */
export function holm(ps: readonly number[]): { p: number; divisor: number }[] {
  const order = ps.map((_, index) => index).sort((a, b) => (ps[a] as number) - (ps[b] as number));
  const adjusted = new Array<{ p: number; divisor: number }>(ps.length);
  let largest = 0;
  order.forEach((index, rank) => {
    const divisor = ps.length - rank;
    largest = Math.max(largest, Math.min(1, divisor * (ps[index] as number)));
    adjusted[index] = { p: largest, divisor };
  });
  return adjusted;
}

function exponential({ estimate, low, high }: Interval): Interval {
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) };
}

/**
 * Compares a family of strategies, each given by its forks' log ratios, with the baseline.
 *
 * @param band - Half-width of the equivalence band around 1, such as 0.03.
 * @param confidence - Such as 0.95.
 * @returns In the order given. Verdicts: `equivalent` if the unadjusted interval lies inside the band; else
 * `faster` or `slower` if the adjusted p is below 1 - confidence; else `not separated`.
 */
export function compareFamily(
  family: readonly (readonly number[])[],
  band: number,
  confidence: number,
): Comparison[] {
  const ps = family.map(tTest);
  const steps = holm(ps);
  return family.map((values, index) => {
    const { p: adjustedP, divisor } = steps[index] as { p: number; divisor: number };
    const ratio = exponential(tInterval(values, confidence));
    const inBand = ratio.low > 1 - band && ratio.high < 1 + band;
    const separated = adjustedP < 1 - confidence;
    const direction = ratio.estimate < 1 ? 'faster' : 'slower';
    return {
      forks: values.length,
      ratio,
      adjusted: exponential(tInterval(values, 1 - (1 - confidence) / divisor)),
      p: ps[index] as number,
      adjustedP,
      verdict: inBand ? 'equivalent' : separated ? direction : 'not separated',
    };
  });
}
