import { mean, median } from 'simple-statistics';
import type { Contention, Lane, ThreadedSeries } from '../results.js';

/** Whether a process's figures count: it came to its end, and left the entries as they must be. */
export function isValid({ error, isQuiescent }: ThreadedSeries): boolean {
  return error === null && isQuiescent;
}

/** Operations per second of so many threads together: of each process the median over its runs. */
export function throughputsOf(
  { series }: Pick<Contention, 'series'>,
  strategy: string,
  lane: Lane,
  threads: number,
): number[] {
  return series
    .filter((one) => one.strategy === strategy && one.lane === lane && isValid(one))
    .map(({ runs }) => runs.filter((run) => run.threads === threads))
    .filter((runs) => runs.length > 0)
    .map((runs) => median(runs.map(({ rates }) => rates.reduce((sum, rate) => sum + rate, 0))));
}

/** The geometric mean of {@link throughputsOf}; null if there is none. */
export function throughputOf(
  measured: Pick<Contention, 'series'>,
  strategy: string,
  lane: Lane,
  threads: number,
): number | null {
  const throughputs = throughputsOf(measured, strategy, lane, threads);
  return throughputs.length === 0 ? null : Math.exp(mean(throughputs.map(Math.log)));
}
