// The counted points of the sweeps: hosts that differ in one parameter, the axis.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, SweptPoint, WorkSummary } from '../../harness/results/results.js';

/** The axis of a sweep. */
export type SweepAxis = SweptPoint['axis'];

/** A point with a strategy's counts of an operation. */
interface CountedPoint {
  readonly x: number;
  readonly point: SweptPoint;
  readonly work: WorkSummary;
  readonly operations: number;
}

/** The points of an axis at which an operation of a strategy was counted. */
export function sweptPoints(
  { sweeps }: Results,
  axis: SweepAxis,
  strategy: string,
  verb: CountedVerb,
): CountedPoint[] {
  return sweeps
    .filter((point) => point.axis === axis)
    .flatMap((point) => {
      const counted = point.counted.find((candidate) => candidate.strategy === strategy);
      const counts = counted?.verbs.find((candidate) => candidate.verb === verb);
      if (counts === undefined) return [];
      return [{ x: Number(point.value), point, work: counts.work, operations: counts.operations }];
    });
}
