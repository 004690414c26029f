import { mean } from 'simple-statistics';

/**
 * The smallest difference between two samples. Some CPUs have a counter that advances in steps of 10 ns, so samples are
 * multiples of a step.
 */
function stepOf(samples: readonly number[]): number {
  const distinct = [...new Set(samples)].sort((one, other) => one - other);
  const steps = distinct.slice(1).map((value, index) => value - (distinct[index] as number));
  return steps.length === 0 ? 0 : Math.min(...steps);
}

/**
 * A quantile of grouped data: a sample stands for all durations within half a step around it, equally likely. So it is finer
 * than a step.
 */
export function groupedQuantile(samples: readonly number[], part: number, step = stepOf(samples)): number {
  const sorted = [...samples].sort((one, other) => one - other);
  const rank = part * sorted.length;
  const value = sorted[Math.min(Math.ceil(rank), sorted.length) - 1] as number;
  const below = sorted.indexOf(value);
  const equal = sorted.lastIndexOf(value) - below + 1;
  return value + step * ((rank - below) / equal - 0.5);
}

/** The medians of two kinds of samples that were taken in turns. */
export function mediansInTurn(samples: readonly number[], step = stepOf(samples)): [number, number] {
  const ofKind = (kind: number) => samples.filter((_, index) => index % 2 === kind);
  return [groupedQuantile(ofKind(0), 0.5, step), groupedQuantile(ofKind(1), 0.5, step)];
}

/**
 * Summarises the samples of a process: a load and a put in turns. Loads and puts take different times, so that the median of
 * all samples would lie between two groups.
 *
 * @param ticks - In the order in which they were taken.
 * @param empty - Samples of nothing.
 */
export function summarise(ticks: readonly number[], empty: readonly number[], nsPerTick: number) {
  const step = stepOf([...ticks, ...empty]);
  const nsOf = (quantile: number): number => (quantile - groupedQuantile(empty, 0.5, step)) * nsPerTick;
  return {
    samples: ticks.length,
    medianNs: nsOf(mean(mediansInTurn(ticks, step))),
    p99Ns: nsOf(groupedQuantile(ticks, 0.99, step)),
  };
}
