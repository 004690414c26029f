// What stands behind the figures of a cell: how many samples, how steady, and what disturbed them. All samples
// count; outliers are classified and none is dropped. What a disturbed round that was taken again gave is no sample.
import { median, quantile } from 'simple-statistics';
import type { Cell, Results, Series } from '../../harness/results/results.js';

/** The samples of a strategy, or of the baseline's twin, over all processes. */
interface SampleFacts {
  readonly strategy: string;
  readonly role: Series['role'];
  readonly samples: number;
  /** Garbage collections during samples. */
  readonly collections: number;
  /** Samples beyond 1.5 and 3 interquartile ranges of their process (Tukey); the second are not among the first. */
  readonly outliers: { readonly mild: number; readonly severe: number };
  /** ns per operation of the first and the last replay of the warm-up, medians over processes; null if there is none. */
  readonly warmUp: { readonly first: number; readonly last: number } | null;
  /** Largest resident set of any process. */
  readonly peakBytes: number;
}

/** Facts of a cell's samples in V8: the twin's, then the strategies' in the order of the results. */
export function sampleFacts({ strategies }: Results, { timing }: Cell): SampleFacts[] {
  const series = timing.series.filter(({ lane }) => lane === 'v8');
  const groups = [
    series.filter(({ role }) => role === 'twin'),
    ...strategies.map(({ id }) =>
      series.filter(({ role, strategy }) => role === 'strategy' && strategy === id),
    ),
  ];
  return groups
    .filter(({ length }) => length > 0)
    .map((processes) => {
      const [{ strategy, role }] = processes as [Series];
      const warmUps = processes.map(({ warmUp }) => warmUp).filter(({ length }) => length > 0);
      return {
        strategy,
        role,
        samples: processes.reduce((sum, { samples }) => sum + samples.length, 0),
        collections: processes
          .flatMap(({ collections }) => collections)
          .reduce((sum, count) => sum + count, 0),
        outliers: {
          mild: processes.reduce((sum, { samples }) => sum + outliersOf(samples).mild, 0),
          severe: processes.reduce((sum, { samples }) => sum + outliersOf(samples).severe, 0),
        },
        warmUp:
          warmUps.length === 0
            ? null
            : {
                first: median(warmUps.map((replays) => replays.at(0) as number)),
                last: median(warmUps.map((replays) => replays.at(-1) as number)),
              },
        peakBytes: Math.max(...processes.map(({ peakBytes }) => peakBytes)),
      };
    });
}

function outliersOf(samples: readonly number[]): { mild: number; severe: number } {
  if (samples.length === 0) return { mild: 0, severe: 0 };
  const [lower, upper] = quantile(samples as number[], [0.25, 0.75]) as [number, number];
  const beyond = (ranges: number) => {
    const reach = ranges * (upper - lower);
    return samples.filter((sample) => sample < lower - reach || sample > upper + reach).length;
  };
  const severe = beyond(3);
  return { mild: beyond(1.5) - severe, severe };
}
