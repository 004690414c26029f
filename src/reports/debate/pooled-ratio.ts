// Two designs over all workloads at once: one ratio with one interval, and the workloads at its ends.
import { compareCell } from '../../harness/comparison.js';
import type { Lane, Results } from '../../harness/results.js';
import { type Comparison, compareFamily, type Interval, meanOf } from '../../harness/statistics.js';
import { isWrong, type SurveyedCell } from '../survey.js';
import { bandText, confidenceText, intervalText, numberOf, ratioText } from '../wording.js';
import { type Figure, timingRow } from './answer.js';

/** A ratio in one workload. */
interface PlacedRatio {
  readonly workload: string;
  readonly ratio: Interval;
}

/** Time of `one` / time of `other`: the geometric mean over workloads, each counting alike. */
export interface PooledRatio extends Pick<Comparison, 'ratio' | 'verdict'> {
  readonly one: string;
  readonly other: string;
  readonly lane: Lane;
  readonly forks: number;
  /** In the order of the results; without those in which either is wrong or void, or the A/A control unreliable. */
  readonly places: readonly PlacedRatio[];
}

/**
 * The ratio of two designs over workloads. The unit of inference stays the process: a fork's figure is the mean of its
 * log ratios in all workloads, and the interval is Student's t over the forks.
 *
 * @returns Null where they are nowhere to be compared.
 */
export function pooledRatio(
  results: Results,
  cells: readonly SurveyedCell[],
  one: string,
  other: string,
  lane: Lane = 'v8',
): PooledRatio | null {
  const compared = cells.flatMap((cell) => {
    const control = lane === 'v8' ? cell.comparison.control : cell.inC?.control;
    if (control?.unreliable || isWrong(cell, one) || isWrong(cell, other)) return [];
    const row = compareCell(results, cell.cell, other, lane).rows.find(({ strategy }) => strategy === one);
    return row === undefined ? [] : [{ workload: cell.workload.id, ...row }];
  });
  if (compared.length === 0) return null;
  const forks = Math.min(...compared.map(({ logRatios }) => logRatios.length));
  const pooled = Array.from(
    { length: forks },
    (_, fork) => meanOf(compared.map(({ logRatios }) => logRatios[fork] as number)).mean,
  );
  const { band, confidence } = results.run;
  const [comparison] = compareFamily([meanOf(pooled)], band, confidence) as [Comparison];
  return {
    one,
    other,
    lane,
    forks,
    ratio: comparison.ratio,
    verdict: comparison.verdict,
    places: compared.map(({ workload, ratio }) => ({ workload, ratio })),
  };
}

/** The ratio with its interval: "0.484 [0.470, 0.499]". */
export function pooledText({ ratio }: Pick<PooledRatio, 'ratio'>): string {
  return `${ratioText(ratio.estimate)} ${intervalText(ratio, ratioText)}`;
}

/** What the clock says of two designs: "takes 0.484 [0.470, 0.499] of the time of ...". */
export function timeClause(results: Results, pooled: PooledRatio): string {
  const { other, verdict } = pooled;
  const text = pooledText(pooled);
  if (!results.run.verdictIntended)
    return `came out at ${text} of the time of ${other}, which carries no verdict`;
  if (verdict === 'equivalent')
    return `takes as long as ${other} (${text}, inside the band of +-${bandText(results)})`;
  if (verdict === 'not separated') return `cannot be told from ${other} in time (${text})`;
  return `takes ${text} of the time of ${other}`;
}

/** The figures of a comparison: over all workloads, and where it is least and greatest. */
export function pooledFigures(results: Results, pooled: PooledRatio): Figure[] {
  const { one, other, lane, forks, places } = pooled;
  const name = `${one} / ${other}, ${lane === 'v8' ? 'V8 model' : 'C on the model'}`;
  const sorted = [...places].sort((a, b) => a.ratio.estimate - b.ratio.estimate);
  const [least, greatest] = [sorted[0] as PlacedRatio, sorted.at(-1) as PlacedRatio];
  const place = lane === 'v8' ? 'ratios' : 'lanes';
  const over: Figure = {
    text:
      `${name}: ${pooledText(pooled)}, geometric mean over ${numberOf(places.length, 'workload')}, ` +
      `${confidenceText(results)} interval, n = ${forks}`,
    place,
    rows: places.map(({ workload }) => timingRow(results, workload)),
  };
  if (places.length === 1) return [{ ...over, text: `${name}: ${placedText(least)}, n = ${forks}` }];
  return [
    over,
    {
      text: `from ${placedText(least)} to ${placedText(greatest)}`,
      place,
      rows: [least, greatest].map(({ workload }) => timingRow(results, workload)),
    },
  ];
}

function placedText({ workload, ratio }: PlacedRatio): string {
  return `${pooledText({ ratio })} on ${workload}`;
}
