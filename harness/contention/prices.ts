// The prices of the simulation, fitted to what was measured, one set for all strategies of a lane: those of an access and
// of a locked instruction to the times of one thread, those of a transfer to the times of several. So of the figures of
// nine strategies two are used up with one thread, and two with several.
import type { ContentionPrices, Lane } from '../results/results.js';
import type { MeanWork } from './recorded-host.js';
import type { Prices, SimulationResult } from './simulation.js';

/** What a load or put of one thread took, and what it does. */
export interface Alone {
  readonly ns: number;
  readonly work: MeanWork;
}

/** The prices of one thread. */
export type LocalPrices = Pick<ContentionPrices, 'accessNs' | 'atomicNs'>;

/** The prices of a line that comes from another CPU. */
export type TransferPrices = Pick<ContentionPrices, 'lockTransferNs' | 'lineTransferNs'>;

/** So much of two things is to come to so many ns; and the ns that an error is taken in proportion to. */
interface Row {
  readonly first: number;
  readonly second: number;
  readonly targetNs: number;
  readonly ns: number;
}

/** Part of the largest determinant that there can be below which rows are too much alike to tell two prices apart. */
const LEAST_DETERMINANT = 1e-6;

/**
 * The prices of two things that explain times best: the least sum of squared relative errors. Neither is negative; where
 * rows do not tell them apart, the second is free.
 */
function fitTwo(rows: readonly Row[]): readonly [first: number, second: number] {
  const sum = (term: (row: Row) => number): number =>
    rows.reduce((total, row) => total + term(row) / row.ns ** 2, 0);
  const [xx, xy, yy] = [
    sum(({ first }) => first * first),
    sum(({ first, second }) => first * second),
    sum(({ second }) => second * second),
  ];
  const [xt, yt] = [
    sum(({ first, targetNs }) => first * targetNs),
    sum(({ second, targetNs }) => second * targetNs),
  ];
  const firstAlone = [xx === 0 ? 0 : Math.max(0, xt / xx), 0] as const;
  const determinant = xx * yy - xy * xy;
  if (determinant <= LEAST_DETERMINANT * xx * yy) return firstAlone;
  const first = (xt * yy - yt * xy) / determinant;
  const second = (xx * yt - xy * xt) / determinant;
  if (first < 0) return [0, Math.max(0, yt / yy)];
  return second < 0 ? firstAlone : [first, second];
}

/** Locked instructions of a load or put. In V8 a live entry is four stores and no cmpxchg16b; see machine. */
export function atomicsOf(lane: Lane, { locks, entries }: Pick<MeanWork, 'locks' | 'entries'>): number {
  return lane === 'c' ? locks + entries : locks;
}

/** The prices that explain the times of one thread best. */
export function fitLocalPrices(lane: Lane, measured: readonly Alone[]): LocalPrices {
  const rows = measured.map(({ ns, work }) => ({
    first: work.accesses,
    second: atomicsOf(lane, work),
    targetNs: ns,
    ns,
  }));
  const [accessNs, atomicNs] = fitTwo(rows);
  return { accessNs, atomicNs };
}

/** What the simulation is given for prices of a lane. */
export function pricesOf({ lane, accessNs, atomicNs, ...transfers }: ContentionPrices): Prices {
  return { accessNs, lockNs: atomicNs, entryNs: lane === 'c' ? atomicNs : 0, ...transfers };
}

/** Several threads as they were measured: operations of all of them per second. */
export interface Together {
  readonly threads: number;
  readonly perSecond: number;
}

/** What transfers are first taken for in ns, and how often the prices are mended. */
const FIRST_TRANSFER_NS = 50;
const TRANSFER_STEPS = 8;

/**
 * The prices of transfers that explain the times of several threads best. What a simulation at the last prices counts and
 * takes says what each transfer adds; where CPUs wait for each other that is not all, so that it is done again.
 *
 * @param simulateAt - Simulates what was measured at some prices, in the same order; null for what failed.
 */
export async function fitTransferPrices(
  measured: readonly Together[],
  simulateAt: (prices: TransferPrices) => Promise<readonly (SimulationResult | null)[]>,
): Promise<TransferPrices> {
  let prices: TransferPrices = { lockTransferNs: FIRST_TRANSFER_NS, lineTransferNs: FIRST_TRANSFER_NS };
  for (let step = 0; step < TRANSFER_STEPS; step++) {
    const results = await simulateAt(prices);
    const rows = results.flatMap((result, index) => {
      if (result === null) return [];
      const { threads, perSecond } = measured[index] as Together;
      const { lockTransfers: first, lineTransfers: second } = result;
      const ns = (threads * 1e9) / perSecond;
      const paidNs = first * prices.lockTransferNs + second * prices.lineTransferNs;
      return [{ first, second, targetNs: ns - ((threads * 1e9) / result.perSecond - paidNs), ns }];
    });
    const [lockTransferNs, lineTransferNs] = fitTwo(rows);
    prices = { lockTransferNs, lineTransferNs };
  }
  return prices;
}
