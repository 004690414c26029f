// The ratio of two designs over all workloads, with one interval.
import { compareCell } from '../../harness/results/comparison.js';
import type { Lane, Results } from '../../harness/results/results.js';
import {
  type Comparison,
  compareFamily,
  meanOf,
  type ProcessInterval,
} from '../../harness/results/statistics.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';
import { bandText, estimateText, numberOf, ratioText } from '../words/wording.js';

/** The ratio on one workload. */
export interface PlacedRatio {
  readonly workload: string;
  readonly ratio: ProcessInterval;
}

/** Time of `one` / time of `other`: the geometric mean over workloads, all with the same weight. */
export interface PooledRatio extends Pick<Comparison, 'ratio' | 'verdict'> {
  readonly one: string;
  readonly other: string;
  readonly lane: Lane;
  readonly processes: number;
  /** The logarithm of each process: the mean over workloads. */
  readonly logRatios: readonly number[];
  /** In the order of the results, without workloads on which a design is wrong or void or the A/A control unreliable. */
  readonly places: readonly PlacedRatio[];
}

/**
 * The ratio of two designs over workloads. The unit of inference is the process: its figure is the mean of its log ratios
 * on all workloads, and the interval is Student's t over the processes.
 *
 * @returns Null if no workload can compare them.
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
  const processes = Math.min(...compared.map((cell) => cell.logRatios.length));
  const logRatios = Array.from(
    { length: processes },
    (_, processNumber) => meanOf(compared.map((cell) => cell.logRatios[processNumber] as number)).mean,
  );
  const { band, confidence } = results.run;
  const [{ ratio, verdict }] = compareFamily([meanOf(logRatios)], band, confidence) as [Comparison];
  const places = compared.map(({ workload, ratio: placed }) => ({ workload, ratio: placed }));
  return { one, other, lane, processes, logRatios, ratio, verdict, places };
}

/** The ratio with its interval: "0.484 [0.470, 0.499]". */
export function pooledText({ ratio }: Pick<PooledRatio, 'ratio'>): string {
  return estimateText(ratio, ratioText);
}

/** The comparison of two times as a clause: "takes 0.484 [0.470, 0.499] times as long as ...". */
export function timeClause(results: Results, pooled: PooledRatio): string {
  const { other, verdict } = pooled;
  const text = pooledText(pooled);
  if (verdict === null) return `came out at ${text} times the time of ${other}, which carries no verdict`;
  if (verdict === 'equivalent')
    return `takes as long as ${other} (${text}, inside the band of +-${bandText(results)})`;
  if (verdict === 'not separated') return `cannot be told from ${other} in time (${text})`;
  return `takes ${text} times as long as ${other}`;
}

/** Ratios to one baseline that carry no verdict: "no verdict (3 processes): ..., 1.2 [1.1, 1.3] times the time of ...". */
export function unrankedText(ratios: readonly PooledRatio[]): string {
  const fewest = Math.min(...ratios.map(({ processes }) => processes));
  const all = ratios.map((pooled) => `${pooled.one} ${pooledText(pooled)}`);
  return `no verdict (${numberOf(fewest, 'process')}): ${all.join(', ')} times the time of ${ratios[0]?.other}`;
}
