// The throughput of several threads: updates per second of all threads, and its growth with the threads. The
// unit of inference is the process.
import {
  type Contention,
  LANES,
  type Lane,
  type Results,
  type ThreadedSeries,
} from '../../harness/results/results.js';
import { meanOf, ratioInterval } from '../../harness/results/statistics.js';
import { throughputIn } from '../../harness/results/throughput.js';
import { numberOf } from '../words/wording.js';
import { isWrong } from './analysis.js';

/** The threaded runs in one language: the strategies in the order of the results, without void and absent ones. */
export type ThreadedLane = ReturnType<typeof threadedLane>;

/** A strategy that is not void, with a point for each number of threads. */
export type ThreadedStrategy = ThreadedLane['strategies'][number];

/** Different numbers, ascending. */
export function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** The lanes in which threads were run. */
export function threadedLanes(results: Results): ThreadedLane[] {
  const { contention } = results;
  if (contention === null) return [];
  return LANES.flatMap((lane) => {
    const series = contention.series.filter((one) => one.lane === lane);
    return series.length === 0 ? [] : [threadedLane(results, contention, lane, series)];
  });
}

function threadedLane(
  results: Results,
  contention: Contention,
  lane: Lane,
  series: readonly ThreadedSeries[],
) {
  const threads = ascending(series.flatMap(({ runs }) => runs.map((run) => run.threads)));
  const bySeries = results.strategies.flatMap(({ id }) => {
    const own = series.filter(({ strategy }) => strategy === id);
    return own.length === 0
      ? []
      : [{ strategy: id, own, reason: voidReason(own, contention.processes, threads) }];
  });
  const counting = bySeries.filter(({ reason }) => reason === null);
  const baseline = counting.find(({ strategy }) => strategy === results.run.baseline)?.own ?? null;
  const checks = new Map(contention.checks.map((check) => [check.strategy, check]));
  return {
    lane,
    threads,
    strategies: counting.map(({ strategy, own }) => ({
      strategy,
      /** Whether the oracle shows it wrong on the same stream. */
      isWrong: isWrong({ checks }, strategy),
      points: threads.map((count) =>
        pointOf(own, count, strategy === results.run.baseline ? null : baseline, results.run.confidence),
      ),
    })),
    void: bySeries.flatMap(({ strategy, reason }) => (reason === null ? [] : [{ strategy, reason }])),
  };
}

/** The first reason why a strategy is void; null if it is not. */
function voidReason(
  series: readonly ThreadedSeries[],
  processes: number,
  threads: readonly number[],
): string | null {
  if (series.length !== processes) return `it was run in ${series.length} of ${processes} processes`;
  const reasons = series.map(({ processNumber, error, isQuiescent, runs }) => {
    if (error !== null) return error;
    if (!isQuiescent) {
      return `process ${processNumber} ended with a wrong IRTE`;
    }
    const missing = threads.find((count) => !runs.some((run) => run.threads === count));
    if (missing !== undefined) return `process ${processNumber} has no run of ${missing} threads`;
    const torn = runs.find((run) => run.rates.length !== run.threads);
    return torn === undefined
      ? null
      : `process ${processNumber} has ${numberOf(torn.rates.length, 'rate')} of ${torn.threads} threads`;
  });
  return reasons.find((reason) => reason !== null) ?? null;
}

function pointOf(
  series: readonly ThreadedSeries[],
  threads: number,
  baseline: readonly ThreadedSeries[] | null,
  confidence: number,
) {
  const over = (logs: readonly number[]) => ratioInterval(meanOf(logs), confidence);
  // A strategy without such a run is void.
  const own = (one: ThreadedSeries, count = threads) => Math.log(throughputIn(one, count) ?? Number.NaN);
  const hasOne = series.every(({ runs }) => runs.some((run) => run.threads === 1));
  const paired = series.flatMap((one) => {
    const other = baseline?.find(({ processNumber }) => processNumber === one.processNumber);
    return other === undefined ? [] : [own(one) - own(other)];
  });
  return {
    threads,
    /** Updates of all threads. */
    perSecond: over(series.map((one) => own(one))),
    /** The ratio to one thread in the same process; null for one thread, or if no process ran one thread alone. */
    scaling: threads > 1 && hasOne ? over(series.map((one) => own(one) - own(one, 1))) : null,
    /** Paired by process; null for the baseline itself, or if the baseline is void. */
    toBaseline: paired.length === 0 ? null : over(paired),
  };
}
