// The unit costs of the simulation, one set for all strategies of a lane, fitted by least squares. The prices of an access and of a locked
// instruction are fitted to the throughput of one thread, the two kinds of transfers to the throughput of several.
import type { ContentionPrices, Lane } from '../results/results.js';
import type { MeanWork } from './recorded-host.js';
import type { Prices, SimulationResult } from './simulation.js';

/** The prices of lines that come from another CPU. */
export type TransferPrices = Pick<ContentionPrices, 'lockTransferNs' | 'lineTransferNs'>;

/** An equation: `first` and `second`, each at its price, add up to `targetNs`. Errors are relative to `ns`. */
type Row = Readonly<Record<'first' | 'second' | 'targetNs' | 'ns', number>>;

/** Below this relative determinant the rows are nearly proportional, and two prices cannot be told apart. */
const LEAST_DETERMINANT = 1e-6;

/**
 * Fits two prices: least squares of the relative errors, no price below 0. If the rows do not separate them, the second
 * is 0.
 */
function fitTwo(rows: readonly Row[]): readonly [first: number, second: number] {
  const sumOf = (one: keyof Row, other: keyof Row): number =>
    rows.reduce((total, row) => total + (row[one] * row[other]) / row.ns ** 2, 0);
  const xx = sumOf('first', 'first');
  const xy = sumOf('first', 'second');
  const yy = sumOf('second', 'second');
  const xt = sumOf('first', 'targetNs');
  const yt = sumOf('second', 'targetNs');
  const firstAlone = [xx === 0 ? 0 : Math.max(0, xt / xx), 0] as const;
  const determinant = xx * yy - xy * xy;
  if (determinant <= LEAST_DETERMINANT * xx * yy) return firstAlone;
  const first = (xt * yy - yt * xy) / determinant;
  const second = (xx * yt - xy * xt) / determinant;
  if (first < 0) return [0, Math.max(0, yt / yy)];
  return second < 0 ? firstAlone : [first, second];
}

/** Locked instructions of an update. In V8 a live entry is written with four stores instead of a cmpxchg16b. */
export function atomicsOf(lane: Lane, { locks, entries }: Pick<MeanWork, 'locks' | 'entries'>): number {
  return lane === 'c' ? locks + entries : locks;
}

/** Fits the prices of one thread to the mean time of an update and its work. */
export function fitLocalPrices(
  lane: Lane,
  measured: readonly { readonly ns: number; readonly work: MeanWork }[],
): Pick<ContentionPrices, 'accessNs' | 'atomicNs'> {
  const rows = measured.map(({ ns, work }) => ({
    first: work.accesses,
    second: atomicsOf(lane, work),
    targetNs: ns,
    ns,
  }));
  const [accessNs, atomicNs] = fitTwo(rows);
  return { accessNs, atomicNs };
}

/** The prices of a lane as the simulation needs them. @param waitNs - Of a COMPLETION_WAIT, which no fit can know. */
export function pricesOf({ lane, accessNs, atomicNs, ...transfers }: ContentionPrices, waitNs = 0): Prices {
  return { accessNs, lockNs: atomicNs, entryNs: lane === 'c' ? atomicNs : 0, ...transfers, waitNs };
}

/** The price of a transfer before the first step, and the steps of the fit. */
const FIRST_TRANSFER_NS = 50;
const TRANSFER_STEPS = 8;

/**
 * Fits the prices of transfers to several threads. Each step simulates at the current prices, keeps the simulated time that
 * is not transfers, and refits the two prices. One step does not suffice, because the waits for locks depend on the prices.
 *
 * @param measured - Operations of all threads per second.
 * @param simulateAt - Simulates all measured points at these prices, in their order; null for a failed simulation.
 */
export async function fitTransferPrices(
  measured: readonly { readonly threads: number; readonly perSecond: number }[],
  simulateAt: (prices: TransferPrices) => Promise<readonly (SimulationResult | null)[]>,
): Promise<TransferPrices> {
  let prices: TransferPrices = { lockTransferNs: FIRST_TRANSFER_NS, lineTransferNs: FIRST_TRANSFER_NS };
  for (let step = 0; step < TRANSFER_STEPS; step++) {
    const results = await simulateAt(prices);
    const rows = results.flatMap((result, index) => {
      if (result === null) return [];
      const { threads, perSecond } = measured[index] as (typeof measured)[number];
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
