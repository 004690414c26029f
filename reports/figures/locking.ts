// Strategies by what they lock and what they keep: the locks that every CPU takes, and the pointers to the objects of an irq.
import type { Results } from '../../harness/results/results.js';
import { keeperOf } from './bugs.js';
import * as simulation from './contention-simulation.js';
import { threadedLanes } from './contention-throughput.js';
import { KEPT, KEPT_ENTRIES, LOOK_UP, MERGED, ONE_HASH } from './strategies.js';

/** A hash in each IOMMU, one hash, lock bits, a list, an array, and what Linux merged. */
const STRATEGIES = [LOOK_UP, ONE_HASH, 'bucket-lock-hash', KEPT, KEPT_ENTRIES, MERGED];

/** The transfers of a lock's line between CPUs at which limits are given, in ns: within a socket, and across. */
export const TRANSFERS = [80, 200] as const;

/** A strategy with its locks and its pointers. */
export type LockingRow = ReturnType<typeof lockingOf>['rows'][number];

/**
 * The rows of a run, the least and the most threads that ran (empty if none did), the CPUs of the largest simulated host (0 without
 * one), and the ns that the line of a lock takes between the CPUs of this machine (0 if it was not fitted).
 */
export function lockingOf(results: Results) {
  const { contention, strategies } = results;
  const lane = contention && simulation.shownLane(contention);
  const measured = threadedLanes(results).find((one) => one.lane === lane);
  const threads = measured ? [...new Set([measured.threads[0] ?? 1, measured.threads.at(-1) ?? 1])] : [];
  const ids = STRATEGIES.filter((id) => strategies.some((strategy) => strategy.id === id));
  const rows = ids.map((strategy) => {
    /** The strategy that ran with threads in its place, because it does the same work. */
    const ranAs = contention?.equals.find((one) => one.strategy === strategy)?.as ?? null;
    const id = ranAs ?? strategy;
    const points = measured?.strategies.find((one) => one.strategy === id)?.points ?? [];
    const simulated =
      contention && lane ? simulation.simulatedPoints(contention, id, lane).at(-1) : undefined;
    /** The locks that every CPU takes; null if there are none, undefined if they were not counted. */
    const lock = contention === null ? undefined : simulation.sharedLock(contention, id);
    return {
      strategy,
      ranAs,
      lock,
      ...keeperOf(strategy),
      /** The updates per second with the most threads / those of the baseline. */
      toBaseline: points.at(-1)?.toBaseline,
      /** Million updates per second, by the threads. */
      millions: threads.map((count) => {
        const rate = points.find((point) => point.threads === count)?.perSecond;
        return rate && { ...rate, estimate: rate.estimate / 1e6, low: rate.low / 1e6, high: rate.high / 1e6 };
      }),
      /** The most updates per second that the lock allows, by {@link TRANSFERS}; null without a lock. */
      limits: TRANSFERS.map((ns) => (lock ? simulation.ceilingByHand(lock, ns) : null)),
      /** Updates per second of the largest simulated host, and the rate of each of its CPUs / the rate of one. */
      simulated: simulated?.perSecond,
      ofLinear: contention && lane && simulation.partOfLinear(contention, id, lane),
    };
  });
  return {
    lane,
    threads,
    cpus: Math.max(
      0,
      ...(contention?.simulated ?? []).flatMap(({ points }) => points.map(({ cpus }) => cpus)),
    ),
    transferNs: contention?.prices.find((one) => one.lane === lane)?.lockTransferNs ?? 0,
    rows,
  };
}
