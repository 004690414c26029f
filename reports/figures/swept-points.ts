// The counted points of the sweeps: hosts that differ in one parameter, the axis.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, SweptPoint, WorkSummary } from '../../harness/results/results.js';

/** The axis of a sweep. */
export type SweepAxis = SweptPoint['axis'];

/** The axes along which the work of a load is of interest. */
export const SWEPT_AXES = ['entries', 'entriesPerVcpu', 'iommus', 'hashBits'] as const satisfies SweepAxis[];

/** The place of a value on its axis. The bits of a hash are placed at their number of buckets. */
export function placeOnAxis(axis: SweepAxis, value: number | string): number {
  return axis === 'hashBits' ? 2 ** Number(value) : Number(value);
}

/** The value at a place of an axis. */
export function valueOnAxis(axis: SweepAxis, x: number): number {
  return axis === 'hashBits' ? Math.log2(x) : x;
}

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
      return [{ x: placeOnAxis(axis, point.value), point, work: counts.work, operations: counts.operations }];
    });
}

/** Entries of other vCPUs that a mean load writes. */
export function othersWritten({ work, point }: Pick<CountedPoint, 'work' | 'point'>): number {
  return work.entries.mean - (point.parameters.irqsPerVcpu ?? 0);
}
