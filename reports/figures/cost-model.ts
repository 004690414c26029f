// What an update would cost on hardware: its counted work times unit prices, each with a source, or swept where none was
// found. It says how much of an update is the finding of its entries.
import type { WorkSummary } from '../../harness/results/results.js';
import { between, type CurvePoint } from '../../harness/results/sweep-curves.js';
import { costOf, type PricedWork, type UnitPrices, type UpdateCost } from './cost-formula.js';

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

/** The means that the cost model prices. */
export function meansOf({ lines, entryLines, locks, entries }: WorkSummary): PricedWork {
  return { lines: lines.mean, entryLines: entryLines.mean, locks: locks.mean, entries: entries.mean };
}

/** All unit prices, with those of lines and commands as given, in ns. */
export function pricesAt(line: number, commands: number): UnitPrices {
  return { line, lock: LOCK_PRICE.ns, cmpxchg: CMPXCHG_PRICE.ns, commands };
}

/** The cost of a mean operation at a price of a line and of the commands for one entry, in ns. */
export function costAt(work: WorkSummary, lineNs: number, commandsNs: number): UpdateCost {
  return costOf(meansOf(work), pricesAt(lineNs, commandsNs));
}

/** Parts of an update whose break-evens are told. */
export const BREAK_EVEN_PARTS = [0.5, 0.1, 0.01] as const;

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
