// Strategies by what they lock and what they keep: the locks that every CPU takes, and the pointers to the objects of an irq.
import type { BusiestLock, Lane, Results } from '../../harness/results/results.js';
import type { ProcessInterval } from '../../harness/results/statistics.js';
import { keeperOf } from './bugs.js';
import * as simulation from './contention-simulation.js';
import { threadedLanes } from './contention-throughput.js';
import { KEPT, KEPT_ENTRIES, LOOK_UP, MERGED, ONE_HASH } from './strategies.js';

/** A hash in each IOMMU, one hash, lock bits, a list, an array, and what Linux merged. */
const STRATEGIES = [LOOK_UP, ONE_HASH, 'bucket-lock-hash', KEPT, KEPT_ENTRIES, MERGED];

/** The transfers of a lock's line between CPUs at which limits are given, in ns: within a socket, and across. */
export const TRANSFERS = [80, 200] as const;

/** A strategy. */
export interface LockingRow {
  readonly strategy: string;
  /** The locks that every CPU takes; null if there are none, undefined if they were not counted. */
  readonly lock: BusiestLock | null | undefined;
  /** Who keeps pointers to an irq's objects. */
  readonly keeper: string;
  /** The bugs that lay there; null if no kernel or patch had such code. */
  readonly bugs: number | null;
  /** Million updates per second, by the threads. */
  readonly millions: readonly (ProcessInterval | undefined)[];
  /** The most updates per second that the lock allows, by {@link TRANSFERS}; null without a lock. */
  readonly limits: readonly (number | null)[];
  /** The rate of each simulated CPU of the largest host / the rate of one; null if it was not simulated. */
  readonly ofLinear: number | null;
}

export interface Locking {
  readonly lane: Lane | null;
  /** The least and the most threads that ran; empty if none did. */
  readonly threads: readonly number[];
  /** CPUs of the largest simulated host; 0 if none was simulated. */
  readonly cpus: number;
  /** ns to move the line of a lock between the CPUs of this machine; 0 if it was not fitted. */
  readonly transferNs: number;
  readonly rows: readonly LockingRow[];
}

/** The table of a run. */
export function lockingOf(results: Results): Locking {
  const { contention, strategies } = results;
  const lane = contention && simulation.shownLane(contention);
  const measured = threadedLanes(results).find((one) => one.lane === lane);
  const threads = measured ? [...new Set([measured.threads[0] ?? 1, measured.threads.at(-1) ?? 1])] : [];
  const ids = STRATEGIES.filter((id) => strategies.some((strategy) => strategy.id === id));
  const rows = ids.map((strategy): LockingRow => {
    // Strategies with the same work ran once.
    const id = contention?.equals.find((one) => one.strategy === strategy)?.as ?? strategy;
    const points = measured?.strategies.find((one) => one.strategy === id)?.points ?? [];
    const lock = contention === null ? undefined : simulation.sharedLock(contention, id);
    return {
      strategy,
      lock,
      ...keeperOf(strategy),
      millions: threads.map((count) => {
        const rate = points.find((point) => point.threads === count)?.perSecond;
        return rate && { ...rate, estimate: rate.estimate / 1e6, low: rate.low / 1e6, high: rate.high / 1e6 };
      }),
      limits: TRANSFERS.map((ns) => (lock ? simulation.ceilingByHand(lock, ns) : null)),
      ofLinear: contention && lane && simulation.partOfLinear(contention, id, lane),
    };
  });
  const cpus = Math.max(
    0,
    ...(contention?.simulated ?? []).flatMap((one) =>
      one.lane === lane ? one.points.map((point) => point.cpus) : [],
    ),
  );
  return {
    lane,
    threads,
    cpus: cpus > (contention?.threads ?? 0) ? cpus : 0,
    transferNs: contention?.prices.find((one) => one.lane === lane)?.lockTransferNs ?? 0,
    rows,
  };
}
