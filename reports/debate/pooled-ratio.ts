// Two designs over all workloads at once: one ratio with one interval, and the workloads at its ends.
import { compareCell } from '../../harness/results/comparison.js';
import type { Lane, Results } from '../../harness/results/results.js';
import {
  type Comparison,
  compareFamily,
  meanOf,
  type ProcessInterval,
} from '../../harness/results/statistics.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';
import type { NumberTable } from '../words/number-table.js';
import { bandText, confidenceText, estimateText, laneText, numberOf, ratioText } from '../words/wording.js';
import { type Figure, timingRow } from './answer.js';

/** A ratio in one workload. */
interface PlacedRatio {
  readonly workload: string;
  readonly ratio: ProcessInterval;
}

/** Time of `one` / time of `other`: the geometric mean over workloads, each counting alike. */
export interface PooledRatio extends Pick<Comparison, 'ratio' | 'verdict'> {
  readonly one: string;
  readonly other: string;
  readonly lane: Lane;
  readonly processes: number;
  /** In the order of the results; without those in which either is wrong or void, or the A/A control unreliable. */
  readonly places: readonly PlacedRatio[];
}

/**
 * The ratio of two designs over workloads. The unit of inference stays the process: a process's figure is the mean of its
 * log ratios in all workloads, and the interval is Student's t over the processes.
 *
 * @returns Null where they are nowhere to be compared.
 */
export function pooledRatio(
  results: Results,
  cells: readonly CellAnalysis[],
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
  const processes = Math.min(...compared.map(({ logRatios }) => logRatios.length));
  const pooled = Array.from(
    { length: processes },
    (_, processNumber) => meanOf(compared.map(({ logRatios }) => logRatios[processNumber] as number)).mean,
  );
  const { band, confidence } = results.run;
  const [comparison] = compareFamily([meanOf(pooled)], band, confidence) as [Comparison];
  return {
    one,
    other,
    lane,
    processes,
    ratio: comparison.ratio,
    verdict: comparison.verdict,
    places: compared.map(({ workload, ratio }) => ({ workload, ratio })),
  };
}

/** The ratio with its interval: "0.484 [0.470, 0.499]". */
export function pooledText({ ratio }: Pick<PooledRatio, 'ratio'>): string {
  return estimateText(ratio, ratioText);
}

/** What the clock says of two designs: "takes 0.484 [0.470, 0.499] of the time of ...". */
export function timeClause(results: Results, pooled: PooledRatio): string {
  const { other, verdict } = pooled;
  const text = pooledText(pooled);
  if (verdict === null) return `came out at ${text} of the time of ${other}, which carries no verdict`;
  if (verdict === 'equivalent')
    return `takes as long as ${other} (${text}, inside the band of +-${bandText(results)})`;
  if (verdict === 'not separated') return `cannot be told from ${other} in time (${text})`;
  return `takes ${text} of the time of ${other}`;
}

/** The figures of a comparison: over all workloads, and where it is least and greatest. */
export function pooledFigures(results: Results, pooled: PooledRatio): Figure[] {
  const { one, other, lane, processes, places } = pooled;
  const name = `${one} / ${other}, ${laneText(lane)}`;
  const sorted = [...places].sort((a, b) => a.ratio.estimate - b.ratio.estimate);
  const [least, greatest] = [sorted[0] as PlacedRatio, sorted.at(-1) as PlacedRatio];
  const over = places.length === 1 ? `on ${least.workload}` : `over ${numberOf(places.length, 'workload')}`;
  const ends =
    places.length === 1
      ? []
      : [
          { end: 'least', ...least },
          { end: 'greatest', ...greatest },
        ];
  return [
    {
      text: `${name}: ${pooledText(pooled)} ${over}, ${confidenceText(results)} interval, n = ${processes}`,
      place: RATIOS_PLACE,
      rows: places.map(({ workload }) => timingRow(results, workload)),
      pooled,
    },
    ...ends.map(({ end, workload, ratio }) => ({
      text: `${end} of them on ${workload}: ${pooledText({ ratio })}`,
      place: lane === 'v8' ? `ratio-${workload}` : 'c-and-v8',
      rows: [timingRow(results, workload)],
    })),
  ];
}

/** Where the page has {@link pooledTable}. */
export const RATIOS_PLACE = 'debate-ratios';

/** All ratios that sentences stand on, each once, with what they are in each workload. */
export function pooledTable(results: Results, ratios: readonly PooledRatio[]): NumberTable {
  const workloads = results.workloads.map(({ id }) => id);
  const rows = ratios.map((pooled) => [
    `${pooled.one} / ${pooled.other}`,
    pooled.lane === 'v8' ? 'V8' : 'C',
    `${pooled.processes}`,
    pooledText(pooled),
    ...workloads.map((id) => {
      const place = pooled.places.find(({ workload }) => workload === id);
      return place === undefined ? '-' : pooledText(place);
    }),
  ]);
  const byText = new Map(rows.map((row) => [row.join(), row]));
  return {
    caption:
      `Ratios of time per operation with their ${confidenceText(results)} intervals: the geometric mean over the ` +
      'workloads that have one here, and each of them; "-" where a design is wrong or void, the A/A control unreliable, or ' +
      'the answer is about other workloads',
    head: ['first / second', 'lane', 'n', 'over workloads', ...workloads],
    rows: [...byText.values()],
  };
}
