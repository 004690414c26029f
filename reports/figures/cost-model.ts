// The cost of an update on hardware: its counted work times unit costs, which have a source or are swept. The model says
// how large a part of an update the look-up is.
import type { WorkSummary } from '../../harness/results/results.js';
import { between, type CurvePoint } from '../../harness/results/sweep-curves.js';
import { costOf, type MeanWork, type UnitCosts, type UpdateCost } from './cost-formula.js';

/** The assumed time of one cache line, lock, entry write or set of commands. */
export interface UnitCost {
  readonly name: string;
  readonly ns: number;
  readonly source: string;
}

/** The first access to a cache line in an operation, by the place of the line. */
export const LINE_COSTS = [
  { name: 'own cache', ns: 0, source: 'a hit is not priced: the least there can be' },
  { name: 'L3', ns: 10, source: 'EPYC 7742, about 10 ns' },
  {
    name: 'other CCX',
    ns: 80,
    source: 'Zen 4, core to core across CCXs, about 80 ns (15 to 19 ns within one)',
  },
  { name: 'DRAM', ns: 120, source: 'EPYC 7742, 113 to 134 ns' },
] as const satisfies readonly UnitCost[];

/** Taking and releasing a free lock. */
export const LOCK_COST: UnitCost = {
  name: 'lock and unlock',
  ns: 3.4,
  source: 'measured in C on a virtualised EPYC, uncontended, line in the own cache',
};

/** Writing a live entry of 128 bits with one instruction. */
export const CMPXCHG_COST: UnitCost = {
  name: 'cmpxchg16b',
  ns: 5.8,
  source: 'measured in C on a virtualised EPYC, line in the own cache',
};

/** INVALIDATE and COMPLETION_WAIT for one entry. Since v6.8 an update queues none, which costs 0. */
export const COMMAND_COSTS: readonly UnitCost[] = [
  { name: 'none', ns: 0, source: 'since v6.8 (57cdb720eaa5) an update queues no command' },
  ...[300, 1000, 3000, 10_000].map((ns) => ({
    name: `${ns / 1000} us`,
    ns,
    source: 'swept: no published time of INVALIDATE and COMPLETION_WAIT was found',
  })),
];

/** The means that the cost model uses. */
export function meansOf({ lines, entryLines, locks, entries }: WorkSummary): MeanWork {
  return { lines: lines.mean, entryLines: entryLines.mean, locks: locks.mean, entries: entries.mean };
}

/** All unit costs, with the given costs of a line and of commands in ns. */
export function unitCostsAt(line: number, commands: number): UnitCosts {
  return { line, lock: LOCK_COST.ns, cmpxchg: CMPXCHG_COST.ns, commands };
}

/** The cost of a mean operation, with the given costs of a line and of commands in ns. */
export function costAt(work: WorkSummary, lineNs: number, commandsNs: number): UpdateCost {
  return costOf(meansOf(work), unitCostsAt(lineNs, commandsNs));
}

/** The parts of an update whose break-even costs are reported. */
export const BREAK_EVEN_PARTS = [0.5, 0.1, 0.01] as const;

/**
 * The x from which on a curve stays at or below a level, interpolated in logarithms.
 *
 * @returns Null if the last point is above the level.
 */
export function fallsTo(curve: readonly CurvePoint[], level: number): number | null {
  const last = curve.findLastIndex(({ y }) => y > level);
  if (last === curve.length - 1) return null;
  const after = curve[last + 1] as CurvePoint;
  const before = curve[last];
  if (before === undefined || after.y <= 0) return after.x;
  return between(before.x, after.x, Math.log(before.y / level) / Math.log(before.y / after.y));
}
