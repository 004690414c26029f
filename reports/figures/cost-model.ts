// The unit costs of the cost model, which have a source or are swept, and the work that they are multiplied with.
import type { WorkSummary } from '../../harness/results/results.js';
import { type MeanWork, partsOf, type UnitCosts, type UpdateCost } from './cost-formula.js';

/** The assumed time of one cache line, lock, entry write or flush. */
export interface UnitCost {
  readonly name: string;
  readonly ns: number;
  readonly source: string;
}

/** The first access to a cache line in an operation, by the place of the line. */
export const LINE_COSTS = [
  { name: 'own cache', ns: 0, source: 'a hit costs nothing here: the least that a line can cost' },
  { name: 'L3', ns: 10, source: 'EPYC 7742, about 10 ns' },
  {
    name: 'other CCX',
    ns: 80,
    source: 'Zen 4, core to core across CCXs, about 80 ns (15 to 19 ns within one)',
  },
  { name: 'DRAM', ns: 120, source: 'EPYC 7742, 113 to 134 ns' },
] as const satisfies readonly UnitCost[];

/** The cost of a line where only one is reported. */
export const [, L3] = LINE_COSTS;

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

/** Flushing an entry in a load or put: INVALIDATE and COMPLETION_WAIT. Since v6.8 neither flushes, which costs 0. */
export const FLUSH_COSTS: readonly UnitCost[] = [
  { name: 'none', ns: 0, source: 'since v6.8 (57cdb720eaa5) a load or put does not flush' },
  ...[300, 1000, 3000, 10_000].map((ns) => ({
    name: `${ns / 1000} µs`,
    ns,
    source: 'swept: no published time of INVALIDATE and COMPLETION_WAIT was found',
  })),
];

/** The cost of a flush where only one is reported. */
export const ONE_MICROSECOND = FLUSH_COSTS.find(({ ns }) => ns === 1000) as UnitCost;

/** The means that the cost model uses. */
export function meansOf({ lines, wayLines, locks, wayLocks, entries }: WorkSummary): MeanWork {
  return {
    lines: lines.mean,
    wayLines: wayLines.mean,
    locks: locks.mean,
    wayLocks: wayLocks.mean,
    entries: entries.mean,
  };
}

/** All unit costs, with the given cost of a line in ns. */
export function unitCostsAt(line: number): UnitCosts {
  return { line, lock: LOCK_COST.ns, cmpxchg: CMPXCHG_COST.ns };
}

/** The parts of a mean load or put, with lines from {@link L3} and the given cost of an entry's flush in ns. */
export function partsAtL3(work: WorkSummary, floor: WorkSummary, flushNs: number): UpdateCost {
  return partsOf(meansOf(work), meansOf(floor), unitCostsAt(L3.ns), flushNs);
}

/**
 * Loads and puts of a vCPU in a second. A guest with a timer of 1 kHz that halts after each tick is loaded and put a
 * thousand times.
 */
export const USUAL_RATE = 2000;

const NS_PER_SECOND = 1e9;

/** The share of a CPU that a time of each load and put takes. */
export function cpuShare(ns: number, perSecond: number): number {
  return (ns * perSecond) / NS_PER_SECOND;
}
