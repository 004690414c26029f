// The simulation of many CPUs: its throughput, the locks that all CPUs share, and how well it agrees with measurements.
import { leadingLanguage } from '../../harness/results/comparison.js';
import type { BusiestLock, Contention, Lane, Results, Simulated } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import { partText } from '../words/wording.js';
import type { ThreadedLane } from './contention-throughput.js';

/** The largest accepted difference of simulation and measurement, as a part of the measurement. */
export const MOST_DIFFERENCE = 0.25;

type SimulatedPoint = Simulated['points'][number];

/** A simulated and a measured throughput with the same number of threads. */
interface Agreement {
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

/** The language to show where only one can be shown; null if nothing was simulated. */
export function shownLane({ simulated }: Contention): Lane | null {
  return leadingLanguage((lane) => simulated.some((one) => one.lane === lane));
}

/** The simulated throughput of the largest host, as a part of as many times the throughput of one CPU; null without both. */
export function partOfLinear(contention: Contention, strategy: string, lane: Lane): number | null {
  const points = simulatedPoints(contention, strategy, lane);
  const [first, last] = [points[0], points.at(-1)];
  return first && last && last.cpus > first.cpus ? last.perSecond / (last.cpus * first.perSecond) : null;
}

/** "23% to 33%": the range of parts; empty without any. */
export function partRange(parts: readonly number[]): string {
  const [least, most] = [Math.min(...parts), Math.max(...parts)].map(partText);
  return parts.length === 0 ? '' : least === most ? `${least}` : `${least} to ${most}`;
}

/** The ceiling that a lock sets, which a reader can check by hand: each take moves its line from another CPU. */
export function ceilingByHand({ perUpdate }: Pick<BusiestLock, 'perUpdate'>, transferNs: number): number {
  return 1e9 / (perUpdate * transferNs);
}

/** All CPUs share a lock that is taken at least this often per update. Below, it is one of several. */
const SHARED_BY_ALL = 0.5;

/** Whether all CPUs share a lock. */
export function isShared({ perUpdate }: Pick<BusiestLock, 'perUpdate'>): boolean {
  return perUpdate >= SHARED_BY_ALL;
}

/** The shared lock of a strategy; null if it has none, undefined if its locks were not counted. */
export function sharedLock({ busiest }: Contention, strategy: string): BusiestLock | null | undefined {
  const found = busiest.find((one) => one.strategy === strategy);
  if (found === undefined) return undefined;
  return found.lock !== null && isShared(found.lock) ? found.lock : null;
}
