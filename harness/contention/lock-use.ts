import type { BusiestLock } from '../results/results.js';
import type { MeanWork } from './recorded-host.js';

/** The work under the locks of one name. All but `count` are means over these locks. */
export interface LockUse extends Readonly<Omit<BusiestLock, 'atomics'>>, Pick<MeanWork, 'locks' | 'entries'> {
  /** Part of the time in which a lock is held or on its way to the next holder. */
  readonly utilisation: number;
}

const COUNTED = ['takes', 'ns', 'accesses', 'locks', 'entries', 'lockTransfers', 'lineTransfers'] as const;

/** The work under each lock since the warm-up, by the lock's number. */
export type LockCounts = Readonly<Record<(typeof COUNTED)[number], Float64Array>>;

/** Counts that are all 0. */
export function createLockCounts(locks: number): LockCounts {
  return Object.fromEntries(COUNTED.map((name) => [name, new Float64Array(locks)])) as LockCounts;
}

/**
 * The locks of the name with the highest utilisation; null if no lock was held.
 *
 * @param operations - Of all CPUs while the work was counted.
 * @param ns - How long that took.
 */
export function busiestLock(
  lockNames: readonly string[],
  counts: LockCounts,
  operations: number,
  ns: number,
): LockUse | null {
  let busiest: LockUse | null = null;
  for (const name of new Set(lockNames)) {
    const group = [...lockNames.keys()].filter((lock) => lockNames[lock] === name);
    const sumOf = (what: keyof LockCounts): number =>
      group.reduce((sum, lock) => sum + (counts[what][lock] as number), 0);
    const takes = sumOf('takes');
    const utilisation = Math.min(1, sumOf('ns') / group.length / ns);
    if (takes === 0 || utilisation <= (busiest?.utilisation ?? 0)) continue;
    busiest = {
      name,
      count: group.length,
      perUpdate: takes / group.length / operations,
      utilisation,
      accesses: sumOf('accesses') / takes,
      locks: sumOf('locks') / takes,
      entries: sumOf('entries') / takes,
      lockTransfers: sumOf('lockTransfers') / takes,
      lineTransfers: sumOf('lineTransfers') / takes,
    };
  }
  return busiest;
}
