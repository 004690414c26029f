// The samples of a cell: their number, their outliers and the warm-up. Outliers are classified, and none is dropped.
// A disturbed round is repeated, and only the repetition is a sample.
import { median, quantile, sum } from 'simple-statistics';
import type { Cell, Results, Series } from '../../harness/results/results.js';

/** The samples of a strategy, or of the A/A control, over all processes. */
interface SampleFacts {
  readonly strategy: string;
  readonly role: Series['role'];
  readonly samples: number;
  /** Garbage collections during samples. */
  readonly collections: number;
  /** Samples beyond 1.5 and 3 interquartile ranges of their process (Tukey). Severe ones are not mild. */
  readonly outliers: { readonly mild: number; readonly severe: number };
  /** ns per operation of the first and the last warm-up replay, medians over processes; null without a warm-up. */
  readonly warmUp: { readonly first: number; readonly last: number } | null;
  /** The largest resident set of any process. */
  readonly peakBytes: number;
}

/** The samples of a cell in V8: the A/A control first, then the strategies in the order of the results. */
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
      const [mild, severe] = [1.5, 3].map((ranges) =>
        sum(processes.map(({ samples }) => samplesBeyond(samples, ranges))),
      ) as [number, number];
      return {
        strategy,
        role,
        samples: sum(processes.map(({ samples }) => samples.length)),
        collections: sum(processes.flatMap(({ collections }) => collections)),
        outliers: { mild: mild - severe, severe },
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

/** Samples that lie more than some interquartile ranges outside the quartiles. */
function samplesBeyond(samples: readonly number[], ranges: number): number {
  if (samples.length === 0) return 0;
  const [lower, upper] = quantile(samples as number[], [0.25, 0.75]) as [number, number];
  const reach = ranges * (upper - lower);
  return samples.filter((sample) => sample < lower - reach || sample > upper + reach).length;
}
