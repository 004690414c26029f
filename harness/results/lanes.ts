// The two lanes of a cell beside each other: the same designs on the same memory, as V8 compiles them and in C. Do they
// put the designs in the same order, and what does V8 take longer for?
import { logRatios, nanosecondsPerOperation, seriesOf } from './comparison.js';
import type { Cell, Lane, Results } from './results.js';
import { meanOf, type ProcessInterval, ratioInterval, sideOfOne } from './statistics.js';

/** Two designs are told apart in C if their times differ by more than this part, and the interval tells which is less. */
export const TOLD_APART = 0.1;

/** A design in both lanes. */
export interface LanedStrategy {
  readonly strategy: string;
  /** Time per operation in V8 / in C, of processes with the same heap in the same round. */
  readonly v8OverC: ProcessInterval;
}

/** Two designs in both lanes; the ratio is time of `one` / time of `other`. */
export interface LanedPair {
  readonly one: string;
  readonly other: string;
  readonly inC: ProcessInterval;
  readonly inV8: ProcessInterval;
}

/** The lanes of a cell. */
export interface LaneComparison {
  readonly workload: string;
  readonly strategies: readonly LanedStrategy[];
  /** All pairs, in the order of the results. */
  readonly pairs: readonly LanedPair[];
}

/** Compares the lanes of a cell; null where it has no design in C that counts. */
export function compareLanes(results: Results, cell: Cell): LaneComparison | null {
  const { confidence } = results.run;
  const inV8 = new Set(nanosecondsPerOperation(results, cell, 'v8').map(({ strategy }) => strategy));
  const both = nanosecondsPerOperation(results, cell, 'c')
    .map(({ strategy }) => strategy)
    .filter((strategy) => inV8.has(strategy));
  if (both.length === 0) return null;
  const ratioIn = (lane: Lane, one: string, other: string): ProcessInterval =>
    ratioInterval(meanOf(logRatios(seriesOf(cell, one, lane), seriesOf(cell, other, lane))), confidence);
  const pairs = both.flatMap((one, index) =>
    both.slice(index + 1).map((other) => ({
      one,
      other,
      inC: ratioIn('c', one, other),
      inV8: ratioIn('v8', one, other),
    })),
  );
  return {
    workload: cell.workload,
    strategies: both.map((strategy) => ({
      strategy,
      v8OverC: ratioInterval(
        meanOf(logRatios(seriesOf(cell, strategy, 'v8'), seriesOf(cell, strategy, 'c'))),
        confidence,
      ),
    })),
    pairs,
  };
}

/** Whether C tells two designs apart. */
export function isToldApart({ inC }: LanedPair): boolean {
  return Math.abs(Math.log(inC.estimate)) > Math.log1p(TOLD_APART) && sideOfOne(inC) !== null;
}

/** Whether both lanes have two designs in the same order. */
export function agrees({ inC, inV8 }: LanedPair): boolean {
  return inC.estimate < 1 === inV8.estimate < 1;
}

/**
 * Whether the lanes contradict each other: each says which of two designs takes less time, and not the same, and one of
 * them that it is more than the band.
 */
export function contradicts({ inC, inV8 }: LanedPair, band: number): boolean {
  const [sideInC, sideInV8] = [sideOfOne(inC), sideOfOne(inV8)];
  const areOpposite = sideInC !== null && sideInV8 !== null && sideInC !== sideInV8;
  return areOpposite && [inC, inV8].some(({ low, high }) => high < 1 - band || low > 1 + band);
}

/**
 * Kendall's tau of the lanes over the pairs that C tells apart: 1 where they agree on all, -1 where on none.
 *
 * @returns Null where there is no pair.
 */
export function kendallsTau(pairs: readonly LanedPair[]): number | null {
  if (pairs.length === 0) return null;
  const agreeing = pairs.filter(agrees).length;
  return (2 * agreeing - pairs.length) / pairs.length;
}
