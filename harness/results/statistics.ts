// Inference for paired rounds in fresh processes. The unit is the process: rounds within one share its
// memory layout and its compiled code, so they make a process's figure steadier but are no replicates.
// Pure functions; distributions and quantiles are jStat's and simple-statistics'.
import jstat from 'jstat';
import { mean, median, sampleVariance } from 'simple-statistics';
import { VERDICT_PROCESSES } from '../method.js';

/** An estimate with its confidence interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** An interval over so many processes. */
export interface ProcessInterval extends Interval {
  readonly n: number;
}

/** A mean, or a difference of means, with its standard error and that error's degrees of freedom; 0: not known. */
export interface Estimate {
  readonly mean: number;
  readonly error: number;
  readonly degrees: number;
  /** Values that it is a mean of; of a difference those of the smaller sample. */
  readonly n: number;
}

/** Whether figures of so many processes can carry a verdict, a rank or a winner. */
export function carriesVerdict(processes: number): boolean {
  return processes >= VERDICT_PROCESSES;
}

/** What a comparison with the baseline can end in; the first that applies. */
export type Verdict = 'equivalent' | 'faster' | 'slower' | 'not separated';

/** A ratio of times beside 1: below 1 where there is less of it. */
export interface Comparison {
  /** The ratio with its unadjusted interval. */
  readonly ratio: ProcessInterval;
  /** The same with the interval at the confidence that Holm's step leaves it within its family. */
  readonly adjusted: Interval;
  /**
   * Smallest difference from 1 that would have been separated with this scatter and this many processes, as a part of
   * 1: the half-width of the adjusted interval. Infinite for a single process.
   */
  readonly separable: number;
  /** Two-sided p of "the ratio is 1", unadjusted and by Holm within the family. */
  readonly p: number;
  readonly adjustedP: number;
  /** Null where processes are too few for any. */
  readonly verdict: Verdict | null;
}

/**
 * One process's figure: the median over rounds of ln(strategy / baseline), each in the same round.
 *
 * @throws RangeError if the two have not the same number of rounds, or none.
 */
export function pairedLogRatio(strategy: readonly number[], baseline: readonly number[]): number {
  if (strategy.length !== baseline.length || strategy.length === 0) {
    throw new RangeError(`cannot pair ${strategy.length} rounds with ${baseline.length}`);
  }
  return median(strategy.map((value, round) => Math.log(value / (baseline[round] as number))));
}

/** The mean of a sample. */
export function meanOf(values: readonly number[]): Estimate {
  const n = values.length;
  const error = n < 2 ? 0 : Math.sqrt(sampleVariance(values as number[]) / n);
  return { mean: mean(values as number[]), error, degrees: n - 1, n };
}

/** How far the mean of one sample lies above that of another, independent one of any variance (Welch 1947). */
export function differenceOf(values: readonly number[], others: readonly number[]): Estimate {
  const [one, other] = [meanOf(values), meanOf(others)];
  const error = Math.hypot(one.error, other.error);
  const known = one.degrees > 0 && other.degrees > 0;
  const spread = one.error ** 4 / one.degrees + other.error ** 4 / other.degrees;
  const degrees = error === 0 ? one.degrees + other.degrees : error ** 4 / spread;
  return {
    mean: one.mean - other.mean,
    error,
    degrees: known ? degrees : 0,
    n: Math.min(one.n, other.n),
  };
}

/** Half-width of Student's t interval; infinite without degrees of freedom. */
function halfWidth({ error, degrees }: Estimate, confidence: number): number {
  return degrees < 1 ? Infinity : jstat.studentt.inv(1 - (1 - confidence) / 2, degrees) * error;
}

/**
 * Student's t interval; without bounds (infinite) where there are no degrees of freedom.
 *
 * @param confidence - Such as 0.95.
 */
export function tInterval(estimate: Estimate, confidence: number): Interval {
  const half = halfWidth(estimate, confidence);
  return { estimate: estimate.mean, low: estimate.mean - half, high: estimate.mean + half };
}

/** Two-sided p of "it is 0" by Student's t; 1 where there are no degrees of freedom. */
export function tTest({ mean: value, error, degrees }: Estimate): number {
  if (degrees < 1) return 1;
  if (error === 0) return value === 0 ? 1 : 0;
  return 2 * (1 - jstat.studentt.cdf(Math.abs(value) / error, degrees));
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

/** Student's t interval of a ratio whose logarithm is estimated. @param confidence - Such as 0.95. */
export function ratioInterval(logarithm: Estimate, confidence: number): ProcessInterval {
  const { estimate, low, high } = tInterval(logarithm, confidence);
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high), n: logarithm.n };
}

/** On which side of 1 a ratio is told to be: its interval excludes 1, and has the processes for a verdict. */
export function sideOfOne({ low, high, n }: ProcessInterval): 'below' | 'above' | null {
  if (!carriesVerdict(n)) return null;
  return high < 1 ? 'below' : low > 1 ? 'above' : null;
}

/**
 * Judges a family of log ratios.
 *
 * @param band - Half-width of the equivalence band around 1, such as 0.03.
 * @param confidence - Such as 0.95.
 * @returns In the order given. Verdicts: `equivalent` if the unadjusted interval lies inside the band; else
 * `faster` or `slower` if the adjusted p is below 1 - confidence; else `not separated`. None where processes are too few.
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
