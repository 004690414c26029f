// The unit costs of the cost model, which have a source or are swept, and the work that they are multiplied with.
import type { WorkSummary } from '../../harness/results/results.js';
import type { MeanWork } from './cost-formula.js';

/** The assumed time of one cache line, lock, entry write or flush. */
export interface UnitCost {
  readonly name: string;
  readonly ns: number;
  readonly source: string;
}

/** The first access to a cache line in an operation, by the place of the line. */
export const LINE_COSTS = [
  { name: 'line: own cache', ns: 0, source: 'a hit costs nothing here: the least that a line can cost' },
  { name: 'line: L3', ns: 10, source: 'EPYC 7742, about 10 ns' },
  {
    name: 'line: other CCX',
    ns: 80,
    source: 'Zen 4, core to core across CCXs, about 80 ns (15 to 19 ns within one)',
  },
  { name: 'line: DRAM', ns: 120, source: 'EPYC 7742, 113 to 134 ns' },
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

/** A flush, where one cost is reported; the charts and the what-if sweep it. */
export const FLUSH_COST: UnitCost = {
  name: 'INVALIDATE and COMPLETION_WAIT',
  ns: 1000,
  source:
    'assumed and swept: no published time was found. Since v6.8 (57cdb720eaa5) a load or put does not flush',
};

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
