// The simulation of many CPUs: at which number of CPUs throughput saturates, and how well it agrees with measurements.
import type { Contention, Lane, Results, Simulated } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import type { ThreadedLane } from './contention-throughput.js';

/** The largest accepted difference of simulation and measurement, as a part of the measurement. */
export const MOST_DIFFERENCE = 0.25;

/** A lock that is held for this part of the time is saturated. */
export const SATURATED = 0.95;

/** Throughput that rises by no more than this part is saturated too. */
export const STANDSTILL = 0.05;

type SimulatedPoint = Simulated['points'][number];

/** The point at which a strategy's simulated throughput saturates. */
export interface Ceiling {
  /** The first point at which a lock is saturated, or that no later point is much above. */
  readonly stop: SimulatedPoint;
  /** Whether throughput saturates at `stop`; otherwise it still rises at the last point, and `stop` is that point. */
  readonly isReached: boolean;
  /** The point of the most CPUs. */
  readonly last: SimulatedPoint;
}

/** A simulated and a measured throughput with the same number of threads. */
export interface Agreement {
  readonly strategy: string;
  readonly lane: Lane;
  readonly threads: number;
  readonly measured: Interval;
  readonly simulated: number;
  /** Simulated / measured - 1. */
  readonly difference: number;
}

/** The simulated points of a strategy in a lane, by CPUs. */
export function simulatedPoints(
  { simulated }: Contention,
  strategy: string,
  lane: Lane,
): readonly SimulatedPoint[] {
  const found = simulated.find((one) => one.strategy === strategy && one.lane === lane);
  return (found?.points ?? []).toSorted((one, other) => one.cpus - other.cpus);
}

/** Where throughput saturates; null without points. */
export function ceilingOf(points: readonly SimulatedPoint[]): Ceiling | null {
  const last = points.at(-1);
  const index = points.findIndex(({ perSecond, utilisation }, place) => {
    const later = points.slice(place + 1);
    return utilisation >= SATURATED || later.every((one) => one.perSecond <= perSecond * (1 + STANDSTILL));
  });
  const stop = points[index];
  if (last === undefined || stop === undefined) return null;
  return { stop, last, isReached: stop !== last || stop.utilisation >= SATURATED };
}

/** Where a strategy's throughput saturates; null if it was simulated on no more CPUs than were measured. */
export function ceilingIn(contention: Contention, strategy: string, lane: Lane): Ceiling | null {
  const ceiling = ceilingOf(simulatedPoints(contention, strategy, lane));
  return ceiling === null || ceiling.last.cpus <= contention.threads ? null : ceiling;
}

/** All points that were both simulated and measured, in the order of the lanes and of the results. */
export function agreements({ contention }: Results, lanes: readonly ThreadedLane[]): Agreement[] {
  if (contention === null) return [];
  return lanes.flatMap(({ lane, strategies }) =>
    strategies.flatMap(({ strategy, points }) => {
      const simulated = simulatedPoints(contention, strategy, lane);
      return points.flatMap(({ threads, perSecond: measured }): Agreement[] => {
        const point = simulated.find(({ cpus }) => cpus === threads);
        if (point === undefined) return [];
        const difference = point.perSecond / measured.estimate - 1;
        return [{ strategy, lane, threads, measured, simulated: point.perSecond, difference }];
      });
    }),
  );
}

/** The largest disagreement; null if there are no points. */
export function furthestApart(all: readonly Agreement[]): Agreement | null {
  const furthest = (worst: Agreement | null, one: Agreement) =>
    worst === null || Math.abs(one.difference) > Math.abs(worst.difference) ? one : worst;
  return all.reduce(furthest, null);
}

/** The lane to show where only one can be shown: C if it was simulated, else V8; null if neither was. */
export function shownLane({ simulated }: Contention): Lane | null {
  const lanes = new Set(simulated.map(({ lane }) => lane));
  return lanes.has('c') ? 'c' : lanes.has('v8') ? 'v8' : null;
}
