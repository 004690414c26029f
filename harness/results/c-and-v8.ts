// The times of the same strategies in C and in V8: by how much V8 is slower, and whether both rank the strategies alike.
import { logRatios, nanosecondsPerOperation, seriesOf } from './comparison.js';
import type { Cell, Lane, Results } from './results.js';
import { meanOf, type ProcessInterval, ratioInterval, sideOfOne } from './statistics.js';

/** Two strategies are separated in C if their times differ by more than this part and the interval excludes 1. */
export const SEPARATED_IN_C = 0.1;

/** A cell in both languages. */
export type CAndV8Comparison = NonNullable<ReturnType<typeof compareCAndV8>>;

/** Two strategies in both languages. The ratio is the time of `one` / the time of `other`. */
export type PairInBoth = CAndV8Comparison['pairs'][number];

/** Compares C and V8 in a cell; null if no strategy has valid times in both. */
export function compareCAndV8(results: Results, cell: Cell) {
  const inV8 = new Set(nanosecondsPerOperation(results, cell, 'v8').map(({ strategy }) => strategy));
  const both = nanosecondsPerOperation(results, cell, 'c')
    .map(({ strategy }) => strategy)
    .filter((strategy) => inV8.has(strategy));
  if (both.length === 0) return null;
  type Side = readonly [strategy: string, lane: Lane];
  const ratioOf = (one: Side, other: Side): ProcessInterval =>
    ratioInterval(
      meanOf(logRatios(seriesOf(cell, ...one), seriesOf(cell, ...other))),
      results.run.confidence,
    );
  return {
    // With the time per operation in V8 / in C, of processes with the same heap in the same round.
    strategies: both.map((strategy) => ({ strategy, v8OverC: ratioOf([strategy, 'v8'], [strategy, 'c']) })),
    // All pairs, in the order of the results.
    pairs: both.flatMap((one, index) =>
      both.slice(index + 1).map((other) => ({
        one,
        other,
        inC: ratioOf([one, 'c'], [other, 'c']),
        inV8: ratioOf([one, 'v8'], [other, 'v8']),
      })),
    ),
  };
}

/** Whether two strategies are separated in C. */
export function isSeparatedInC({ inC }: PairInBoth): boolean {
  return Math.abs(Math.log(inC.estimate)) > Math.log1p(SEPARATED_IN_C) && sideOfOne(inC) !== null;
}

/** Whether C and V8 rank two strategies alike. */
export function haveSameOrder({ inC, inV8 }: PairInBoth): boolean {
  return inC.estimate < 1 === inV8.estimate < 1;
}
