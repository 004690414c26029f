// Beyond this machine: where simulated throughput stops to rise, and how far it is from what was measured.
import type { Contention, Lane, Results, Simulated } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import type { ThreadedLane } from './contention-throughput.js';

/** Most that simulation and measurement may differ, as a part of the measured, for the one to stand for the other. */
export const MOST_DIFFERENCE = 0.25;

/** Part of the time from which on a lock that is held as long has no more to give. */
const SATURATED = 0.95;

/** Throughput that rises by no more than this part has stopped to rise. */
const STANDSTILL = 0.05;

type SimulatedPoint = Simulated['points'][number];

/** Where a strategy's simulated throughput ends. */
export interface Ceiling {
  /** The first point that no later one is above by more than a standstill, or at which a lock is saturated. */
  readonly stop: SimulatedPoint;
  /** Whether it stops there; else it was still rising at the last point, which this is then. */
  readonly isReached: boolean;
  /** The point of the most CPUs. */
  readonly last: SimulatedPoint;
}

/** A simulated point beside what was measured with as many threads. */
export interface Agreement {
  readonly strategy: string;
  readonly lane: Lane;
  readonly threads: number;
  readonly measured: Interval;
  readonly simulated: number;
  /** Simulated / measured - 1. */
  readonly difference: number;
}

/** What was simulated of a strategy in a lane, by CPUs; empty where nothing was. */
export function simulatedPoints(
  { simulated }: Contention,
  strategy: string,
  lane: Lane,
): readonly SimulatedPoint[] {
  const found = simulated.find((one) => one.strategy === strategy && one.lane === lane);
  return (found?.points ?? []).toSorted((one, other) => one.cpus - other.cpus);
}

/** Where throughput ends; null where nothing was simulated. */
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

/** Where a strategy's throughput ends; null where no more CPUs were simulated than were measured. */
export function ceilingIn(contention: Contention, strategy: string, lane: Lane): Ceiling | null {
  const ceiling = ceilingOf(simulatedPoints(contention, strategy, lane));
  return ceiling === null || ceiling.last.cpus <= contention.threads ? null : ceiling;
}

/** All points that were both simulated and measured, lane by lane in the order of the results. */
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

/** The points that are furthest apart; null where there are none. */
export function furthestApart(all: readonly Agreement[]): Agreement | null {
  const furthest = (worst: Agreement | null, one: Agreement) =>
    worst === null || Math.abs(one.difference) > Math.abs(worst.difference) ? one : worst;
  return all.reduce(furthest, null);
}

/** The lane that stands for all where there is room for one: C, where it was simulated. */
export function shownLane({ simulated }: Contention): Lane | null {
  const lanes = new Set(simulated.map(({ lane }) => lane));
  return lanes.has('c') ? 'c' : lanes.has('v8') ? 'v8' : null;
}
