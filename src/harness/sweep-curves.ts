// Times along the axis of a sweep: how they grow, and where a design overtakes the baseline. The unit of inference is the
// process here too: a curve is fitted through the figures of one fork of each point, and the fits are taken together.
import { linearRegression, mean, median } from 'simple-statistics';
import { logRatios, nanosecondsPerOperation, seriesOf } from './comparison.js';
import type { Cell, Lane, Results, SweptPoint } from './results.js';
import { type Interval, meanOf, ratioInterval, tInterval } from './statistics.js';

/** A place on an axis. */
interface Placed {
  /** Above 0. */
  readonly x: number;
}

/** What each fork has at one place, in the order of the forks. */
export interface ForkFigures extends Placed {
  readonly figures: readonly number[];
}

/** The figures of one fork from place to place. */
function curvesOf(points: readonly ForkFigures[]): (readonly (Placed & { y: number })[])[] {
  const forks = Math.min(...points.map(({ figures }) => figures.length));
  return Array.from({ length: Number.isFinite(forks) ? forks : 0 }, (_, fork) =>
    points.map(({ x, figures }) => ({ x, y: figures[fork] as number })),
  );
}

/**
 * The exponent b of y = a x^b, fitted to the logarithms fork by fork.
 *
 * @returns Null for fewer than two places, or no fork that is at all of them.
 */
export function slopeOverForks(points: readonly ForkFigures[], confidence: number): Interval | null {
  const curves = curvesOf(points);
  if (points.length < 2 || curves.length === 0) return null;
  const slopes = curves.map(
    (curve) => linearRegression(curve.map(({ x, y }) => [Math.log(x), Math.log(y)])).m,
  );
  return tInterval(meanOf(slopes), confidence);
}

/** Where two designs take the same time. */
export interface Crossing {
  /** Forks in which they cross, and how many there are. */
  readonly forks: number;
  readonly of: number;
  /** Of the first place at which they do; null where they do not in every fork. */
  readonly at: Interval | null;
}

/** Where a log ratio is first 0 or changes its sign, in proportion to the logarithms; null where it does not. */
function firstCrossing(curve: readonly (Placed & { y: number })[]): number | null {
  for (let index = 1; index < curve.length; index++) {
    const [before, after] = [curve[index - 1], curve[index]] as [
      Placed & { y: number },
      Placed & { y: number },
    ];
    if (before.y * after.y >= 0) continue;
    const part = before.y / (before.y - after.y);
    return Math.log(before.x) + part * Math.log(after.x / before.x);
  }
  return null;
}

/** Where two designs cross. @param points - With the log ratios of their times. */
export function crossingOverForks(points: readonly ForkFigures[], confidence: number): Crossing {
  const crossings = curvesOf(points).map(firstCrossing);
  const found = crossings.filter((place) => place !== null);
  const isInAll = found.length > 0 && found.length === crossings.length;
  return {
    forks: found.length,
    of: crossings.length,
    at: isInAll ? ratioInterval(meanOf(found), confidence) : null,
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
    point.axis === axis && point.cell !== null && point.cell.timing.forks > 0
      ? [{ point, cell: point.cell }]
      : [],
  );
}

/** ns per operation of a strategy at a point, fork by fork: where a fork has it in several groups, their mean. */
export function forkTimes({ cell }: TimedPoint, strategy: string, lane: Lane): number[] {
  const byFork = new Map<number, number[]>();
  for (const [number, { samples }] of seriesOf(cell, strategy, lane)) {
    if (samples.length === 0) continue;
    const fork = Math.floor(number / cell.timing.groups);
    byFork.set(fork, [...(byFork.get(fork) ?? []), median(samples as number[])]);
  }
  return [...byFork].sort(([a], [b]) => a - b).map(([, times]) => mean(times));
}

/** ns per operation of a strategy at a point, over forks; null where its timing is void. */
export function timeAt(
  results: Results,
  { cell }: TimedPoint,
  strategy: string,
  lane: Lane,
): Interval | null {
  const row = nanosecondsPerOperation(results, cell, lane).find(
    (candidate) => candidate.strategy === strategy,
  );
  return row?.over ?? null;
}

/** Log ratios of a strategy to the run's baseline at a point, fork by fork. */
export function forkLogRatios(
  { run }: Results,
  { cell }: TimedPoint,
  strategy: string,
  lane: Lane,
): number[] {
  return logRatios(seriesOf(cell, strategy, lane), seriesOf(cell, run.baseline, lane));
}
