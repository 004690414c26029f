import { geometricMean, median, sum } from 'simple-statistics';
import type { Contention, Lane, ThreadedSeries } from './results.js';

/** Whether a process's figures count: it came to its end, and left the entries as they must be. */
function isValid({ error, isQuiescent }: ThreadedSeries): boolean {
  return error === null && isQuiescent;
}

/** Operations per second of so many threads together: the median over the runs of a process; null if there is none. */
export function throughputIn({ runs }: Pick<ThreadedSeries, 'runs'>, threads: number): number | null {
  const rates = runs.filter((run) => run.threads === threads).map((run) => sum(run.rates));
  return rates.length === 0 ? null : median(rates);
}

/** The same of a strategy: the geometric mean over its processes; null if there is none. */
export function throughputOf(
  { series }: Pick<Contention, 'series'>,
  strategy: string,
  lane: Lane,
  threads: number,
): number | null {
  const throughputs = series
    .filter((one) => one.strategy === strategy && one.lane === lane && isValid(one))
    .flatMap((one) => throughputIn(one, threads) ?? []);
  return throughputs.length === 0 ? null : geometricMean(throughputs);
}
