// The figures of many CPUs at once as tables, lane by lane.
import type { Contention, Lane, Results } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import {
  confidenceText,
  countText,
  estimateText,
  intervalText,
  laneText,
  millionsText,
  partText,
  ratioText,
} from '../words/wording.js';
import { differenceText, threadsText } from './contention-sentences.js';
import { agreements, ceilingIn, simulatedPoints } from './contention-simulation.js';
import type { ThreadedLane, ThreadedStrategy } from './contention-throughput.js';
import { WRONG_MARK } from './lanes.js';
import { isShared } from './what-if-model.js';

const NONE = '-';

/** A mean count or a fitted price: three digits, without zeros behind them. */
const figureText = (figure: number): string => String(Number(figure.toPrecision(3)));

function nameOf({ strategy, isWrong }: ThreadedStrategy): string {
  return isWrong ? `${strategy}${WRONG_MARK}` : strategy;
}

/** Throughput with each number of threads, and what it is of one thread's. */
export function throughputTable(results: Results, { lane, threads, strategies }: ThreadedLane): NumberTable {
  const several = threads.filter((count) => count > 1);
  return {
    caption:
      `${laneText(lane)}: loads and puts of all threads, millions per second, with ${confidenceText(results)} intervals ` +
      `(n = ${results.contention?.processes}), and their ratio to one thread's in the same process. * wrong answers`,
    head: [
      'strategy',
      ...threads.map((count) => `${threadsText(count)}, M/s`),
      ...several.map((count) => `${threadsText(count)} / T = 1`),
    ],
    rows: strategies.map((strategy) => [
      nameOf(strategy),
      ...strategy.points.map(({ perSecond }) => estimateText(perSecond, millionsText)),
      ...strategy.points
        .filter((point) => point.threads > 1)
        .map(({ scaling }) => (scaling === null ? NONE : estimateText(scaling, ratioText))),
    ]),
  };
}

/** Throughput beside the baseline's with as many threads, and how evenly the threads share it. */
export function sharingTable({ run }: Results, { lane, threads, strategies }: ThreadedLane): NumberTable {
  return {
    caption:
      `${laneText(lane)}: throughput / that of ${run.baseline} with as many threads, in the same process (above 1 is more); ` +
      "and Jain's index of the threads' rates: 1 where all have the same, 1 / T where one of them has all",
    head: [
      'strategy',
      ...threads.map((count) => `ratio, ${threadsText(count)}`),
      ...threads.filter((count) => count > 1).map((count) => `fairness, ${threadsText(count)}`),
    ],
    rows: strategies.map((strategy) => [
      nameOf(strategy),
      ...strategy.points.map(({ toBaseline }) =>
        strategy.strategy === run.baseline
          ? '1'
          : toBaseline === null
            ? NONE
            : estimateText(toBaseline, ratioText),
      ),
      ...strategy.points.filter((point) => point.threads > 1).map(({ fairness }) => fairness.toFixed(3)),
    ]),
  };
}

/**
 * Simulated throughput, strategies by CPUs, with the part of the time in which the busiest lock is held; none for a lane
 * that was simulated with no more CPUs than there are.
 */
export function simulatedTables(results: Results, contention: Contention, lane: Lane): NumberTable[] {
  const all = results.strategies.map(({ id }) => ({ id, points: simulatedPoints(contention, id, lane) }));
  const cpus = [...new Set(all.flatMap(({ points }) => points.map((point) => point.cpus)))].sort(
    (a, b) => a - b,
  );
  const most = cpus.at(-1);
  if (most === undefined || most <= contention.threads) return [];
  return [
    {
      caption:
        `${laneText(lane)}, simulated: updates of all CPUs, millions per second, and the part of the time in which the ` +
        `busiest lock is held; which one that is with ${countText(most)} CPUs`,
      head: ['strategy', ...cpus.map((count) => (count === 1 ? '1 CPU' : countText(count))), 'busiest lock'],
      rows: all
        .filter(({ points }) => points.length > 0)
        .map(({ id, points }) => [
          id,
          ...cpus.map((count) => {
            const point = points.find((candidate) => candidate.cpus === count);
            if (point === undefined) return NONE;
            const rate = millionsText(point.perSecond);
            return point.busiest === null ? rate : `${rate}, ${partText(point.utilisation)}`;
          }),
          points.at(-1)?.busiest ?? NONE,
        ]),
    },
  ];
}

/** Where each strategy's simulated throughput ends; none for a lane that was simulated with no more CPUs than there are. */
export function ceilingTables(results: Results, contention: Contention, lane: Lane): NumberTable[] {
  const rows = results.strategies.flatMap(({ id }) => {
    const ceiling = ceilingIn(contention, id, lane);
    if (ceiling === null) return [];
    const { stop, last, isReached } = ceiling;
    return [
      [
        id,
        isReached ? countText(stop.cpus) : 'not reached',
        isReached ? millionsText(stop.perSecond) : NONE,
        millionsText(last.perSecond),
        last.busiest === null ? NONE : partText(last.utilisation),
        last.busiest ?? NONE,
      ],
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      caption:
        `${laneText(lane)}, simulated: the number of CPUs from which on throughput rises by no more than 5 % or a lock is ` +
        'held 95 % of the time; M/s there and with the most CPUs, and the busiest lock with those',
      head: ['strategy', 'CPUs', 'M/s', 'M/s at most', 'held', 'lock'],
      rows,
    },
  ];
}

/** The lock that is busiest on a host of many CPUs, and what is done while it is held. */
export function busiestTables(results: Results, { busiest }: Contention): NumberTable[] {
  const rows = results.strategies.flatMap(({ id }) => {
    const found = busiest.find(({ strategy }) => strategy === id);
    if (found === undefined) return [];
    const { lock } = found;
    if (lock === null) return [[id, 'none', NONE, NONE, NONE, NONE, NONE, NONE, NONE]];
    return [
      [
        id,
        lock.name,
        countText(lock.count),
        isShared(lock) ? 'all' : 'some',
        figureText(lock.perUpdate),
        ...[lock.accesses, lock.atomics, lock.lockTransfers, lock.lineTransfers].map(figureText),
      ],
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      caption:
        'The busiest locks on the largest host that was simulated: how many there are; whether all CPUs take each of them, or ' +
        'those that have something to do with one device or vCPU; how often for each update of the host; and of a mean hold ' +
        'the words, locks, locks that come from another CPU and other lines that do',
      head: [
        'strategy',
        'lock',
        'of them',
        'taken by',
        'per update',
        'words',
        'locks',
        'locks from there',
        'lines from there',
      ],
      rows,
    },
  ];
}

/** Simulated beside measured throughput; none where they have no point in common. */
export function agreementTables(results: Results, lanes: readonly ThreadedLane[]): NumberTable[] {
  return lanes.flatMap((lane) => {
    const own = agreements(results, [lane]);
    if (own.length === 0) return [];
    const strategies = lane.strategies.filter(({ strategy }) => own.some((one) => one.strategy === strategy));
    return [
      {
        caption: `${laneText(lane.lane)}: simulated / measured throughput - 1, and M/s simulated / measured`,
        head: [
          'strategy',
          ...lane.threads.flatMap((count) => [threadsText(count), `${threadsText(count)}, M/s`]),
        ],
        rows: strategies.map(({ strategy }) => [
          strategy,
          ...lane.threads.flatMap((count) => {
            const found = own.find((one) => one.strategy === strategy && one.threads === count);
            if (found === undefined) return [NONE, NONE];
            const { simulated, measured } = found;
            return [
              differenceText(found),
              `${millionsText(simulated)} / ${millionsText(measured.estimate)} ${intervalText(measured, millionsText)}`,
            ];
          }),
        ]),
      },
    ];
  });
}

/** The prices of the simulation. */
export function priceTables({ prices }: Contention): NumberTable[] {
  if (prices.length === 0) return [];
  return [
    {
      caption: 'Prices in ns, fitted to the throughput',
      head: ['language', 'a word', 'a lock', 'a lock from another CPU', 'another line from there'],
      rows: prices.map(({ lane, accessNs, atomicNs, lockTransferNs, lineTransferNs }) => [
        laneText(lane),
        ...[accessNs, atomicNs, lockTransferNs, lineTransferNs].map(figureText),
      ]),
    },
  ];
}
