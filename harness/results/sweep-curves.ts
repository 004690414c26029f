// Times along the axis of a sweep: how they grow, and where a strategy overtakes the baseline. The unit of inference is
// the process here too: one curve is fitted for each process number, and the interval covers these fits.
import { linearRegression, median } from 'simple-statistics';
import { logRatios, nanosecondsPerOperation, seriesOf } from './comparison.js';
import type { Cell, Lane, Results, SweptPoint } from './results.js';
import { type Interval, meanOf, type ProcessInterval, ratioInterval, tInterval } from './statistics.js';

/** A point on an axis with a figure. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** The value between two others at a fraction of the way on a logarithmic scale. */
function between(from: number, to: number, part: number): number {
  return from * (to / from) ** part;
}

/**
 * The exponent b of y = a x^b, by least squares of the logarithms.
 *
 * @returns Null for fewer than two points with positive coordinates.
 */
export function slopeOf(curve: readonly CurvePoint[]): number | null {
  const points = curve.filter(({ x, y }) => x > 0 && y > 0).map(({ x, y }) => [Math.log(x), Math.log(y)]);
  return points.length < 2 ? null : linearRegression(points).m;
}

/** The values of x at which a log ratio changes its sign, in order; interpolated on a logarithmic scale. */
function signChanges(gaps: readonly CurvePoint[]): number[] {
  const changes: number[] = [];
  let last = -1;
  gaps.forEach((after, index) => {
    if (after.y === 0) return;
    const before = gaps[last];
    const zero = gaps[last + 1] as CurvePoint;
    last = index;
    if (before === undefined || before.y * after.y > 0) return;
    const place = zero.y === 0 ? zero.x : between(before.x, after.x, before.y / (before.y - after.y));
    changes.push(place);
  });
  return changes;
}

/**
 * The values of x at which two curves cross, in order.
 *
 * @param one - With the same values of x as `other`. Points that are not positive in both are left out.
 */
export function crossingsOf(one: readonly CurvePoint[], other: readonly CurvePoint[]): number[] {
  const gaps = one.flatMap(({ x, y }, index) => {
    const opposite = other[index]?.y ?? 0;
    return x > 0 && y > 0 && opposite > 0 ? [{ x, y: Math.log(y / opposite) }] : [];
  });
  return signChanges(gaps);
}

/** The figures of all processes at one point, by process number. */
export interface ProcessFigures {
  /** Positive. */
  readonly x: number;
  readonly figures: readonly number[];
}

/** A curve for each process number that all points have. */
function curvesOf(points: readonly ProcessFigures[]): CurvePoint[][] {
  const [first] = points;
  if (first === undefined) return [];
  const processes = Math.min(...points.map(({ figures }) => figures.length));
  return first.figures
    .slice(0, processes)
    .map((_, processNumber) => points.map(({ x, figures }) => ({ x, y: figures[processNumber] as number })));
}

/**
 * The exponent of a power law, fitted for each process number.
 *
 * @returns Null for fewer than two points, or without a process number that all points have.
 */
export function slopeOverProcesses(points: readonly ProcessFigures[], confidence: number): Interval | null {
  const slopes = curvesOf(points)
    .map(slopeOf)
    .filter((slope) => slope !== null);
  return slopes.length === 0 ? null : tInterval(meanOf(slopes), confidence);
}

/** The point at which two strategies take the same time. */
export interface Crossing {
  /** The number of curves that cross, and of all curves. */
  readonly processes: number;
  readonly of: number;
  /** The first crossing; null unless all curves cross. */
  readonly at: Interval | null;
}

/** Finds the crossing of two strategies. @param points - With the log ratios of their times. */
export function crossingOverProcesses(points: readonly ProcessFigures[], confidence: number): Crossing {
  const curves = curvesOf(points);
  const found = curves.flatMap((curve) => signChanges(curve).slice(0, 1));
  const isInAll = found.length > 0 && found.length === curves.length;
  return {
    processes: found.length,
    of: curves.length,
    at: isInAll ? ratioInterval(meanOf(found.map(Math.log)), confidence) : null,
  };
}

/** A point of a sweep that was timed. */
export interface TimedPoint {
  readonly point: SweptPoint;
  readonly cell: Cell;
}

/** The timed points of an axis. */
export function timedPoints({ sweeps }: Results, axis: SweptPoint['axis']): TimedPoint[] {
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
export function timeAt(
  results: Results,
  { cell }: TimedPoint,
  strategy: string,
  lane: Lane,
): ProcessInterval | null {
  const row = nanosecondsPerOperation(results, cell, lane).find(
    (candidate) => candidate.strategy === strategy,
  );
  return row?.over ?? null;
}

/** Log ratios of a strategy to the run's baseline at a point, by process number. */
export function processLogRatios(
  { run }: Results,
  { cell }: TimedPoint,
  strategy: string,
  lane: Lane,
): number[] {
  return logRatios(seriesOf(cell, strategy, lane), seriesOf(cell, run.baseline, lane));
}
