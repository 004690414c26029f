// The prices of the simulation, fitted to what was measured, one set for all strategies of a lane: those of an access and of
// a locked instruction to the times of one thread, that of a transfer to the times of several. So of nine strategies
// with one thread two figures are used up, and with several one.
import type { ContentionPrices, Lane } from '../results.js';
import type { MeanWork } from './recorded-host.js';
import type { Prices } from './simulation.js';

/** What a load or put of one thread took, and what it does. */
export interface Alone {
  readonly ns: number;
  readonly work: MeanWork;
}

/** The prices of one thread. */
export type LocalPrices = Pick<ContentionPrices, 'accessNs' | 'atomicNs'>;

/** Part of the largest determinant that there can be below which strategies are too much alike to tell prices apart. */
const LEAST_DETERMINANT = 1e-6;

/** Locked instructions of a load or put. In V8 a live entry is four stores and no cmpxchg16b; see machine. */
export function atomicsOf(lane: Lane, { locks, entries }: Pick<MeanWork, 'locks' | 'entries'>): number {
  return lane === 'c' ? locks + entries : locks;
}

/**
 * The two prices that explain the times of one thread best: the least sum of squared relative errors, by least squares.
 * Neither is negative; where one alone explains what there is, the other is 0.
 */
export function fitLocalPrices(lane: Lane, measured: readonly Alone[]): LocalPrices {
  // Each row: accesses and atomics per ns that was measured; with the right prices each comes to 1.
  const rows = measured.map(({ ns, work }) => [work.accesses / ns, atomicsOf(lane, work) / ns] as const);
  const sum = (term: (row: readonly [number, number]) => number): number =>
    rows.reduce((total, row) => total + term(row), 0);
  const [xx, xy, yy] = [sum(([x]) => x * x), sum(([x, y]) => x * y), sum(([, y]) => y * y)];
  const [x1, y1] = [sum(([x]) => x), sum(([, y]) => y)];
  const ofAccesses = { accessNs: x1 / xx, atomicNs: 0 };
  const determinant = xx * yy - xy * xy;
  if (determinant <= LEAST_DETERMINANT * xx * yy) return ofAccesses;
  const accessNs = (x1 * yy - y1 * xy) / determinant;
  const atomicNs = (xx * y1 - xy * x1) / determinant;
  if (accessNs < 0) return { accessNs: 0, atomicNs: y1 / yy };
  return atomicNs < 0 ? ofAccesses : { accessNs, atomicNs };
}

/** What the simulation is given for prices of a lane. */
export function pricesOf({ lane, accessNs, atomicNs, transferNs }: ContentionPrices): Prices {
  return { accessNs, lockNs: atomicNs, entryNs: lane === 'c' ? atomicNs : 0, transferNs };
}

/** Bounds of a transfer's price in ns, and how close it is looked for. */
const LEAST_TRANSFER_NS = 1;
const MOST_TRANSFER_NS = 4096;
const TRANSFER_PRECISION = 1.01;

/**
 * The price of a transfer at which simulation and measurement agree on average: the mean of the logarithms of their
 * ratios is 0. The dearer a transfer, the less is done.
 *
 * @param meanLogRatio - Of simulated and measured throughput at a price.
 */
export async function fitTransferNs(meanLogRatio: (transferNs: number) => Promise<number>): Promise<number> {
  let [low, high] = [LEAST_TRANSFER_NS, MOST_TRANSFER_NS];
  while (high / low > TRANSFER_PRECISION) {
    const middle = Math.sqrt(low * high);
    if ((await meanLogRatio(middle)) > 0) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}
