// The throughput of several threads, computed from their series.
import { geometricMean, median, sum } from 'simple-statistics';
import type { Contention, Lane, ThreadedSeries } from './results.js';

/** Operations per second of all threads together: the median over a process's runs; null if it has none. */
export function throughputIn({ runs }: Pick<ThreadedSeries, 'runs'>, threads: number): number | null {
  const rates = runs.filter((run) => run.threads === threads).map((run) => sum(run.rates));
  return rates.length === 0 ? null : median(rates);
}

/** The geometric mean over a strategy's valid processes, which finished with right entries; null if it has none. */
export function throughputOf(
  { series }: Pick<Contention, 'series'>,
  strategy: string,
  lane: Lane,
  threads: number,
): number | null {
  const throughputs = series
    .filter((one) => one.strategy === strategy && one.lane === lane && one.error === null && one.isQuiescent)
    .flatMap((one) => throughputIn(one, threads) ?? []);
  return throughputs.length === 0 ? null : geometricMean(throughputs);
}
