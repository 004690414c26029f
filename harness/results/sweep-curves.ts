// Times along the axis of a sweep, and how they grow. The unit of inference is the process here too: one curve is fitted
// for each process number, and the interval covers these fits.
import { linearRegression, median } from 'simple-statistics';
import { nanosecondsPerOperation, seriesOf } from './comparison.js';
import type { Lane, Results, SweptPoint } from './results.js';
import { type Interval, meanOf, tInterval } from './statistics.js';

/**
 * The exponent b of y = a x^b, by least squares of the logarithms.
 *
 * @returns Null for fewer than two points with positive coordinates.
 */
export function slopeOf(curve: readonly { readonly x: number; readonly y: number }[]): number | null {
  const points = curve.filter(({ x, y }) => x > 0 && y > 0).map(({ x, y }) => [Math.log(x), Math.log(y)]);
  return points.length < 2 ? null : linearRegression(points).m;
}

/**
 * The exponent of a power law, fitted for each process number.
 *
 * @param points - With the figures of all processes, by process number. `x` is positive.
 * @returns Null for fewer than two points, or without a process number that all points have.
 */
export function slopeOverProcesses(
  points: readonly { readonly x: number; readonly figures: readonly number[] }[],
  confidence: number,
): Interval | null {
  if (points.length < 2) return null;
  const processes = Math.min(...points.map(({ figures }) => figures.length));
  const slopes = Array.from({ length: processes }, (_, processNumber) =>
    slopeOf(points.map(({ x, figures }) => ({ x, y: figures[processNumber] as number }))),
  ).filter((slope) => slope !== null);
  return slopes.length === 0 ? null : tInterval(meanOf(slopes), confidence);
}

/** A point of a sweep that was timed. */
type TimedPoint = ReturnType<typeof timedPoints>[number];

/** The timed points of an axis. */
export function timedPoints({ sweeps }: Results, axis: SweptPoint['axis']) {
  return sweeps.flatMap((point) =>
    point.axis === axis && point.cell !== null && point.cell.timing.processes > 0
      ? [{ point, cell: point.cell }]
      : [],
  );
}

/** ns per operation of a strategy at a point, by process number. */
export function processTimes({ cell }: TimedPoint, strategy: string, lane: Lane): number[] {
  return [...seriesOf(cell, strategy, lane)]
    .filter(([, { samples }]) => samples.length > 0)
    .sort(([a], [b]) => a - b)
    .map(([, { samples }]) => median(samples as number[]));
}

/** ns per operation of a strategy at a point, over processes; null if its timing is void. */
export function timeAt(results: Results, { cell }: TimedPoint, strategy: string, lane: Lane) {
  const rows = nanosecondsPerOperation(results, cell, lane);
  return rows.find((row) => row.strategy === strategy)?.over ?? null;
}
