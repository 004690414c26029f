// Inference for paired rounds in fresh processes. The unit of inference is the process. The rounds of a process share its
// memory layout and its compiled code, so they are no replicates. jStat provides the distributions.

import jstat from 'jstat';
import { mean, median, sampleVariance } from 'simple-statistics';
import { VERDICT_PROCESSES } from '../method.js';

/** An estimate with its confidence interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** An interval over n processes. */
export type ProcessInterval = Interval & { readonly n: number };

/** A mean or a difference of means, with its standard error and the error's degrees of freedom (0: unknown). */
export interface Estimate {
  readonly mean: number;
  readonly error: number;
  readonly degrees: number;
  /** Sample size; for a difference, that of the smaller sample. */
  readonly n: number;
}

/** Whether this many processes are enough for a verdict, a rank or a winner. */
export function carriesVerdict(processes: number): boolean {
  return processes >= VERDICT_PROCESSES;
}

/** The verdict of a comparison; the first that applies. */
export type Verdict = 'equivalent' | 'faster' | 'slower' | 'not separated';

/** A ratio of times, compared with 1. */
export interface Comparison {
  /** The ratio with its unadjusted interval. */
  readonly ratio: ProcessInterval;
  /** The ratio with the interval at the confidence of Holm's step within its family. */
  readonly adjusted: Interval;
  /**
   * Minimum detectable difference from 1: the half-width of the adjusted interval, as a fraction. Infinite for a single
   * process.
   */
  readonly separable: number;
  /** Two-sided p of "the ratio is 1", unadjusted and Holm-adjusted within the family. */
  readonly p: number;
  readonly adjustedP: number;
  /** Null with too few processes. */
  readonly verdict: Verdict | null;
}

/**
 * A comparison of two times that were measured in the same round.
 *
 * @returns Its median over rounds.
 * @throws RangeError if the numbers of rounds differ or are 0.
 */
const paired =
  (compare: (one: number, other: number) => number) =>
  (ones: readonly number[], others: readonly number[]): number => {
    if (ones.length !== others.length || ones.length === 0) {
      throw new RangeError(`cannot pair ${ones.length} rounds with ${others.length}`);
    }
    return median(ones.map((one, round) => compare(one, others[round] as number)));
  };

/** ln(strategy / baseline). */
export const pairedLogRatio = paired((strategy, baseline) => Math.log(strategy / baseline));

/** one - other. */
export const pairedDifference = paired((one, other) => one - other);

/** The mean of a sample. */
export function meanOf(values: readonly number[]): Estimate {
  const n = values.length;
  const error = n < 2 ? 0 : Math.sqrt(sampleVariance(values as number[]) / n);
  return { mean: mean(values as number[]), error, degrees: n - 1, n };
}

/** The difference of the means of two independent samples with any variances (Welch 1947). */
export function differenceOf(values: readonly number[], others: readonly number[]): Estimate {
  const [one, other] = [meanOf(values), meanOf(others)];
  const error = Math.hypot(one.error, other.error);
  const known = one.degrees > 0 && other.degrees > 0;
  const spread = one.error ** 4 / one.degrees + other.error ** 4 / other.degrees;
  const degrees = error === 0 ? one.degrees + other.degrees : error ** 4 / spread;
  const n = Math.min(one.n, other.n);
  return { mean: one.mean - other.mean, error, degrees: known ? degrees : 0, n };
}

/** Half-width of Student's t interval; infinite without degrees of freedom. */
function halfWidth({ error, degrees }: Estimate, confidence: number): number {
  return degrees < 1 ? Infinity : jstat.studentt.inv(1 - (1 - confidence) / 2, degrees) * error;
}

/**
 * Student's t interval; infinite without degrees of freedom.
 *
 * @param confidence - For example 0.95.
 */
export function tInterval(estimate: Estimate, confidence: number): Interval {
  const half = halfWidth(estimate, confidence);
  return { estimate: estimate.mean, low: estimate.mean - half, high: estimate.mean + half };
}

/** The mean of a figure over processes with its interval. @param confidence - For example 0.95. */
export function meanInterval(values: readonly number[], confidence: number): ProcessInterval {
  return { ...tInterval(meanOf(values), confidence), n: values.length };
}

/** Two-sided p of "the mean is 0" by Student's t; 1 without degrees of freedom. */
export function tTest({ mean: value, error, degrees }: Estimate): number {
  if (degrees < 1) return 1;
  if (error === 0) return value === 0 ? 1 : 0;
  return 2 * (1 - jstat.studentt.cdf(Math.abs(value) / error, degrees));
}

/**
 * Holm's adjustment of a family of p values (Holm 1979), in the order given.
 *
 * @returns The adjusted p of each, and the factor by which its step divides the error rate.
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

/** Student's t interval of a ratio, from the estimate of its logarithm. @param confidence - For example 0.95. */
export function ratioInterval(logarithm: Estimate, confidence: number): ProcessInterval {
  const { estimate, low, high } = tInterval(logarithm, confidence);
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high), n: logarithm.n };
}

/** The side of 1 on which a ratio lies; null if its interval includes 1 or the processes are too few. */
export function sideOfOne({ low, high, n }: ProcessInterval): 'below' | 'above' | null {
  if (!carriesVerdict(n)) return null;
  return high < 1 ? 'below' : low > 1 ? 'above' : null;
}

/** Whether a difference can be told from 0: its interval excludes 0, and the processes are enough. */
export function isToldFromZero({ low, high, n }: ProcessInterval): boolean {
  return carriesVerdict(n) && (low > 0 || high < 0);
}

/**
 * Judges a family of log ratios.
 *
 * @param band - Half-width of the equivalence band around 1, for example 0.03.
 * @param confidence - For example 0.95.
 * @returns In the order given. Verdicts: `equivalent` if the unadjusted interval lies inside the band; else
 * `faster` or `slower` if the adjusted p is below 1 - confidence; else `not separated`. Null with too few processes.
 */
export function compareFamily(family: readonly Estimate[], band: number, confidence: number): Comparison[] {
  const ps = family.map(tTest);
  const steps = holm(ps);
  return family.map((estimate, index) => {
    const { p: adjustedP, divisor } = steps[index] as { p: number; divisor: number };
    const stepConfidence = 1 - (1 - confidence) / divisor;
    const ratio = ratioInterval(estimate, confidence);
    const inBand = ratio.low > 1 - band && ratio.high < 1 + band;
    const separated = adjustedP < 1 - confidence;
    const direction = ratio.estimate < 1 ? 'faster' : 'slower';
    const verdict = inBand ? 'equivalent' : separated ? direction : 'not separated';
    return {
      ratio,
      adjusted: ratioInterval(estimate, stepConfidence),
      separable: Math.expm1(halfWidth(estimate, stepConfidence)),
      p: ps[index] as number,
      adjustedP,
      verdict: carriesVerdict(estimate.n) ? verdict : null,
    };
  });
}

/** Judges the estimates of rows as one family; see {@link compareFamily}. @returns Each row with its comparison. */
export function compareRows<R>(
  rows: readonly R[],
  estimateOf: (row: R) => Estimate,
  { band, confidence }: { readonly band: number; readonly confidence: number },
): (R & Comparison)[] {
  const compared = compareFamily(rows.map(estimateOf), band, confidence);
  return rows.map((row, index) => ({ ...row, ...(compared[index] as Comparison) }));
}
