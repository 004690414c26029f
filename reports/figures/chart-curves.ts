// The curves of the charts along the axes of the sweeps: counted work, and times.
import type { Lane, Results } from '../../harness/results/results.js';
import type { ProcessInterval } from '../../harness/results/statistics.js';
import { type CurvePoint, timeAt, timedPoints } from '../../harness/results/sweep-curves.js';
import { intervalText, meanText, nanosecondsText } from '../words/wording.js';
import { placeOnAxis, type SweepAxis, sweptPoints } from './swept-points.js';

/** A point of a curve. */
interface ChartPoint extends CurvePoint {
  /** The label of its tick. */
  readonly label: string;
  /** Its tooltip. */
  readonly text: string;
  /** Null for counted work. */
  readonly interval: ProcessInterval | null;
}

/** The curve of a strategy. */
export interface NamedCurve {
  readonly strategy: string;
  readonly points: readonly ChartPoint[];
}

/** A value short enough for a tick: 65,536 as "66k". */
function shortText(value: number | string): string {
  const number = Number(value);
  return number >= 1e4 ? `${Math.round(number / 1e3)}k` : String(number);
}

/** The curves that have points. */
function curvesOf(results: Results, pointsOf: (strategy: string) => ChartPoint[]): NamedCurve[] {
  return results.strategies
    .map(({ id }) => ({ strategy: id, points: pointsOf(id).filter(({ x, y }) => x > 0 && y > 0) }))
    .filter(({ points }) => points.length > 0);
}

/** Cache lines of a load along an axis, by strategy. */
export function countedCurves(results: Results, axis: SweepAxis): NamedCurve[] {
  return curvesOf(results, (id) =>
    sweptPoints(results, axis, id, 'load').map(({ x, point: { value }, work }) => ({
      x,
      y: work.lines.mean,
      label: shortText(value),
      text: `${id}, ${axis} ${value}: ${meanText(work.lines.mean)} lines`,
      interval: null,
    })),
  );
}

/** ns per operation along an axis, by strategy, without void timings. */
export function timedCurves(results: Results, axis: SweepAxis, lane: Lane): NamedCurve[] {
  const places = timedPoints(results, axis);
  return curvesOf(results, (id) =>
    places.flatMap((place) => {
      const { value } = place.point;
      const time = timeAt(results, place, id, lane);
      if (time === null) return [];
      const text = `${nanosecondsText(time.estimate)} ns ${intervalText(time, nanosecondsText)}`;
      return [
        {
          x: placeOnAxis(axis, value),
          y: time.estimate,
          label: shortText(value),
          text: `${id}, ${axis} ${value}: ${text}`,
          interval: time,
        },
      ];
    }),
  );
}
