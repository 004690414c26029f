// Times along the axis of a sweep: how they grow, and where a design overtakes the baseline. The unit of inference is the
// process here too: a curve is fitted through the figures of one process of each point, and the fits are taken together.
import { linearRegression, median } from 'simple-statistics';
import { logRatios, nanosecondsPerOperation, seriesOf } from './comparison.js';
import type { Cell, Lane, Results, SweptPoint } from './results.js';
import { type Interval, meanOf, type ProcessInterval, ratioInterval, tInterval } from './statistics.js';

/** A place on an axis with a figure there. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** A place between two others, so large a part of the way in logarithms. */
export function between(from: number, to: number, part: number): number {
  return from * (to / from) ** part;
}

/**
 * The exponent b of y = a x^b, by least squares of the logarithms.
 *
 * @returns Null for fewer than two points with both above 0.
 */
export function slopeOf(curve: readonly CurvePoint[]): number | null {
  const points = curve.filter(({ x, y }) => x > 0 && y > 0).map(({ x, y }) => [Math.log(x), Math.log(y)]);
  return points.length < 2 ? null : linearRegression(points).m;
}

/**
 * Where a log ratio changes its sign: between two places in proportion to the logarithms, or where it is 0.
 *
 * @returns The values of x, in order.
 */
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
 * Where one curve comes to be above another, or below it.
 *
 * @param one - With the same values of x as `other`; points that are not above 0 in both are left out.
 * @returns The values of x at which they cross, in order.
 */
export function crossingsOf(one: readonly CurvePoint[], other: readonly CurvePoint[]): number[] {
  const gaps = one.flatMap(({ x, y }, index) => {
    const opposite = other[index]?.y ?? 0;
    return x > 0 && y > 0 && opposite > 0 ? [{ x, y: Math.log(y / opposite) }] : [];
  });
  return signChanges(gaps);
}

/** What each process has at one place, in the order of the processes. */
export interface ProcessFigures {
  /** Above 0. */
  readonly x: number;
  readonly figures: readonly number[];
}

/** The figures of one process from place to place, for each process that is at all of them. */
function curvesOf(points: readonly ProcessFigures[]): CurvePoint[][] {
  const [first] = points;
  if (first === undefined) return [];
  const processes = Math.min(...points.map(({ figures }) => figures.length));
  return first.figures
    .slice(0, processes)
    .map((_, processNumber) => points.map(({ x, figures }) => ({ x, y: figures[processNumber] as number })));
}

/**
 * The exponent of a power law, fitted process by process.
 *
 * @returns Null for fewer than two places, or no process that is at all of them.
 */
export function slopeOverProcesses(points: readonly ProcessFigures[], confidence: number): Interval | null {
  const slopes = curvesOf(points)
    .map(slopeOf)
    .filter((slope) => slope !== null);
  return slopes.length === 0 ? null : tInterval(meanOf(slopes), confidence);
}

/** Where two designs take the same time. */
export interface Crossing {
  /** Processes in which they cross, and how many there are. */
  readonly processes: number;
  readonly of: number;
  /** Of the first place at which they do; null where they do not in every process. */
  readonly at: Interval | null;
}

/** Where two designs cross. @param points - With the log ratios of their times. */
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

/** ns per operation of a strategy at a point, process by process. */
export function processTimes({ cell }: TimedPoint, strategy: string, lane: Lane): number[] {
  return [...seriesOf(cell, strategy, lane)]
    .filter(([, { samples }]) => samples.length > 0)
    .sort(([a], [b]) => a - b)
    .map(([, { samples }]) => median(samples as number[]));
}

/** ns per operation of a strategy at a point, over processes; null where its timing is void. */
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

/** Log ratios of a strategy to the run's baseline at a point, process by process. */
export function processLogRatios(
  { run }: Results,
  { cell }: TimedPoint,
  strategy: string,
  lane: Lane,
): number[] {
  return logRatios(seriesOf(cell, strategy, lane), seriesOf(cell, run.baseline, lane));
}
