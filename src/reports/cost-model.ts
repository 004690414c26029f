// What an update would cost on hardware: its counted work times unit prices, each with a source, or swept where none was
// found. It says how much of an update is the finding of its entries.
import type { WorkSummary } from '../harness/results.js';
import { between, type CurvePoint } from '../harness/sweep-curves.js';

/** A unit price. */
export interface Price {
  readonly name: string;
  readonly ns: number;
  readonly source: string;
}

/** What a cache line costs that an operation touches for the first time, by where it is. */
export const LINE_PRICES = [
  { name: 'own cache', ns: 0, source: 'a hit is not priced: the least there can be' },
  { name: 'L3', ns: 10, source: 'EPYC 7742, about 10 ns' },
  {
    name: 'other CCX',
    ns: 80,
    source: 'Zen 4, core to core across CCXs, about 80 ns (15 to 19 ns within one)',
  },
  { name: 'DRAM', ns: 120, source: 'EPYC 7742, 113 to 134 ns' },
] as const satisfies readonly Price[];

/** Taking a lock that nobody holds and letting it go. */
export const LOCK_PRICE: Price = {
  name: 'lock and unlock',
  ns: 3.4,
  source: 'measured in C on a virtualised EPYC, uncontended, line in the own cache',
};

/** Writing a live entry of 128 bits at once. */
export const CMPXCHG_PRICE: Price = {
  name: 'cmpxchg16b',
  ns: 5.8,
  source: 'measured in C on a virtualised EPYC, line in the own cache',
};

/** INVALIDATE and COMPLETION_WAIT for one entry; 0 stands for the kernels that queue none, since v6.8. */
export const FLUSH_PRICES: readonly Price[] = [
  { name: 'none', ns: 0, source: 'since v6.8 (57cdb720eaa5) an update queues no command' },
  ...[300, 1000, 3000, 10_000].map((ns) => ({
    name: `${ns / 1000} us`,
    ns,
    source: 'swept: no published time of INVALIDATE and COMPLETION_WAIT was found',
  })),
];

/** A mean update in ns, by what the time is for. */
export interface UpdateCost {
  /** To find the entries and to prepare what is written: all but the two below. */
  readonly find: number;
  /** To write the live entries: their tables' locks, their lines, cmpxchg16b. */
  readonly write: number;
  readonly flush: number;
}

/**
 * The cost of a mean operation.
 *
 * @param lineNs - Price of a line; lines are paid one after the other, since each lock is a barrier.
 * @param flushNs - Price of the commands for one entry.
 */
export function costOf(work: WorkSummary, lineNs: number, flushNs: number): UpdateCost {
  const { lines, entryLines, locks, entries } = work;
  return {
    find: (lines.mean - entryLines.mean) * lineNs + (locks.mean - entries.mean) * LOCK_PRICE.ns,
    write: entryLines.mean * lineNs + entries.mean * (LOCK_PRICE.ns + CMPXCHG_PRICE.ns),
    flush: entries.mean * flushNs,
  };
}

/** All of it. */
export function totalOf({ find, write, flush }: UpdateCost): number {
  return find + write + flush;
}

/** The part of an update that is finding its entries; 0 for an update that costs nothing. */
export function findShare(cost: UpdateCost): number {
  const total = totalOf(cost);
  return total === 0 ? 0 : cost.find / total;
}

/** Parts of an update whose break-evens are told. */
export const BREAK_EVEN_PARTS = [0.5, 0.1, 0.01] as const;

/**
 * The price of the commands for one entry at which finding is just so large a part of an update.
 *
 * @returns In ns; 0 where it is smaller without any command, null where no entry is written.
 */
export function breakEvenFlush(work: WorkSummary, lineNs: number, part: number): number | null {
  if (work.entries.mean === 0) return null;
  const { find, write } = costOf(work, lineNs, 0);
  return Math.max(0, (find * (1 - part)) / part - write) / work.entries.mean;
}

/**
 * Where a curve comes down to a level and stays at or below it, between two points in proportion to the logarithms.
 *
 * @returns The least x; null where the last point is above the level.
 */
export function fallsTo(curve: readonly CurvePoint[], level: number): number | null {
  const last = curve.findLastIndex(({ y }) => y > level);
  if (last === curve.length - 1) return null;
  const after = curve[last + 1] as CurvePoint;
  const before = curve[last];
  if (before === undefined || after.y <= 0) return after.x;
  return between(before.x, after.x, Math.log(before.y / level) / Math.log(before.y / after.y));
}
