// The tables of many CPUs at once, one of each kind for each lane.
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
import { WRONG_MARK } from './c-and-v8.js';
import { differenceText, threadsText } from './contention-sentences.js';
import { agreements, ceilingIn, SATURATED, STANDSTILL, simulatedPoints } from './contention-simulation.js';
import { ascending, type ThreadedLane, type ThreadedStrategy } from './contention-throughput.js';
import { isShared } from './what-if-model.js';

const NONE = '-';

/** Columns of counts and of their unit costs. */
const PRICED = ['accesses', 'atomics', 'remote lock lines', 'remote data lines'];

/** A mean count or a fitted price: three digits, without trailing zeros. */
export const figureText = (figure: number): string => String(Number(figure.toPrecision(3)));

function nameOf({ strategy, isWrong }: ThreadedStrategy): string {
  return isWrong ? `${strategy}${WRONG_MARK}` : strategy;
}

/** Throughput with each number of threads, and its ratio to one thread. */
export function throughputTable(results: Results, { lane, threads, strategies }: ThreadedLane): NumberTable {
  const several = threads.filter((count) => count > 1);
  return {
    caption:
      `${laneText(lane)}: million updates/s of all threads with ${confidenceText(results)} intervals ` +
      `(n = ${results.contention?.processes}), and the ratio to one thread in the same process. *: wrong answers`,
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

/** Throughput relative to the baseline, and the fairness of the threads. */
export function sharingTable({ run }: Results, { lane, threads, strategies }: ThreadedLane): NumberTable {
  return {
    caption:
      `${laneText(lane)}: throughput / ${run.baseline} with the same number of threads, paired by process (above 1: more ` +
      "updates), and Jain's fairness index: 1 if all threads are equally fast, 1 / T if only one makes updates",
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

/** Simulated throughput by strategy and CPUs; none for a lane without hosts beyond the measured one. */
export function simulatedTables(results: Results, contention: Contention, lane: Lane): NumberTable[] {
  const all = results.strategies.map(({ id }) => ({ id, points: simulatedPoints(contention, id, lane) }));
  const cpus = ascending(all.flatMap(({ points }) => points.map((point) => point.cpus)));
  const most = cpus.at(-1);
  if (most === undefined || most <= contention.threads) return [];
  return [
    {
      caption:
        `${laneText(lane)}, simulated: million updates/s of all CPUs, and the part of the time in which the busiest lock ` +
        `is held; the last column names this lock with ${countText(most)} CPUs`,
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

/** Where simulated throughput saturates; none for a lane without hosts beyond the measured one. */
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
        `${laneText(lane)}, simulated: CPUs at saturation, where more CPUs add at most ${partText(STANDSTILL)} or a lock is ` +
        `held ${partText(SATURATED)} of the time; million updates/s there and on the largest host; the busiest lock of ` +
        'the largest host',
      head: ['strategy', 'CPUs', 'M/s', 'M/s, largest', 'held', 'lock'],
      rows,
    },
  ];
}

/** The busiest lock on the largest simulated host, and the work of a hold. */
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
        'The busiest locks on the largest simulated host: their number; whether all CPUs take them, or only the CPUs that ' +
        'use one device or vCPU; how often one is taken per update of the host; and the mean work while one is held',
      head: ['strategy', 'lock', 'number', 'taken by', 'per update', ...PRICED],
      rows,
    },
  ];
}

/** Simulated against measured throughput; none without a common point. */
export function agreementTables(results: Results, lanes: readonly ThreadedLane[]): NumberTable[] {
  return lanes.flatMap((lane) => {
    const own = agreements(results, [lane]);
    if (own.length === 0) return [];
    const strategies = lane.strategies.filter(({ strategy }) => own.some((one) => one.strategy === strategy));
    return [
      {
        caption: `${laneText(lane.lane)}: simulated / measured throughput - 1, and million updates/s, simulated / measured`,
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

/** The unit costs of the simulation. */
export function priceTables({ prices }: Contention): NumberTable[] {
  if (prices.length === 0) return [];
  return [
    {
      caption: 'Unit costs in ns, fitted to the measured throughput',
      head: ['language', ...PRICED],
      rows: prices.map(({ lane, accessNs, atomicNs, lockTransferNs, lineTransferNs }) => [
        laneText(lane),
        ...[accessNs, atomicNs, lockTransferNs, lineTransferNs].map(figureText),
      ]),
    },
  ];
}
