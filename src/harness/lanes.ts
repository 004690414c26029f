// The two lanes of a cell beside each other: the same designs on the same memory, as V8 compiles them and in C. Do they
// put the designs in the same order, and what does V8 take longer for?
import { logRatios, nanosecondsPerOperation, seriesOf } from './comparison.js';
import type { Cell, Results } from './results.js';
import { type Interval, meanOf, ratioInterval } from './statistics.js';

/** Two designs are told apart in C if their times differ by more than this part, and the interval excludes 1. */
export const TOLD_APART = 0.1;

/** A design in both lanes. */
export interface LanedStrategy {
  readonly strategy: string;
  /** Time per operation in V8 / in C, of processes with the same heap in the same round. */
  readonly v8OverC: Interval;
}

/** Two designs that C tells apart. */
export interface LanedPair {
  /** The one that takes less time in C. */
  readonly faster: string;
  readonly slower: string;
  /** Time of `faster` / time of `slower`. */
  readonly inC: Interval;
  readonly inV8: Interval;
  /** Whether V8 has them in the same order. */
  readonly agrees: boolean;
}

/** The lanes of a cell. */
export interface LaneComparison {
  readonly workload: string;
  readonly strategies: readonly LanedStrategy[];
  /** All pairs that C tells apart, in the order of the results. */
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
  const ratioIn = (one: string, other: string, lane: 'v8' | 'c'): Interval =>
    ratioInterval(meanOf(logRatios(seriesOf(cell, one, lane), seriesOf(cell, other, lane))), confidence);
  const pairs = both.flatMap((one, index) =>
    both.slice(index + 1).flatMap((other): LanedPair[] => {
      const first = ratioIn(one, other, 'c');
      const isApart = Math.abs(Math.log(first.estimate)) > Math.log1p(TOLD_APART);
      if (!isApart || (first.low <= 1 && first.high >= 1)) return [];
      const [faster, slower] = first.estimate < 1 ? [one, other] : [other, one];
      const ofV8 = ratioIn(faster, slower, 'v8');
      return [{ faster, slower, inC: ratioIn(faster, slower, 'c'), inV8: ofV8, agrees: ofV8.estimate < 1 }];
    }),
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

/**
 * Kendall's tau of the lanes over the pairs that C tells apart: 1 where they agree on all, -1 where on none.
 *
 * @returns Null where there is no pair.
 */
export function kendallsTau(pairs: readonly Pick<LanedPair, 'agrees'>[]): number | null {
  if (pairs.length === 0) return null;
  const agreeing = pairs.filter(({ agrees }) => agrees).length;
  return (2 * agreeing - pairs.length) / pairs.length;
}
