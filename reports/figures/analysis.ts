// The cells of a run with the times of each strategy: everything that the sections compare starts here. C leads: a strategy
// that has valid times in C is compared in C, and in V8 otherwise.
import { type CAndV8Comparison, compareCAndV8 } from '../../harness/results/c-and-v8.js';
import {
  type CellComparison,
  type ComparedStrategy,
  compareCell,
  leadingLanguage,
  logRatios,
  nanosecondsPerOperation,
  seriesOf,
} from '../../harness/results/comparison.js';
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import {
  type Cell,
  type Check,
  LANES,
  type Lane,
  type Results,
  type Series,
  type WorkloadInfo,
  type WorkSummary,
} from '../../harness/results/results.js';
import { meanOf, type ProcessInterval, ratioInterval } from '../../harness/results/statistics.js';

/** Id of the lower bound, which is not a design. */
export const FLOOR = 'floor';

/** The valid times of a strategy in one language. */
export interface Timed {
  readonly ns: ProcessInterval;
  /** Median of each process. */
  readonly processes: readonly number[];
  readonly series: Map<number, Series>;
}

/** A cell with its comparisons. */
export interface CellAnalysis {
  /** Its place in the results. */
  readonly index: number;
  readonly workload: WorkloadInfo;
  readonly cell: Cell;
  readonly checks: ReadonlyMap<string, Check>;
  /** The valid times by language and strategy. */
  readonly times: Readonly<Record<Lane, ReadonlyMap<string, Timed>>>;
  /** Against the baseline of the run. */
  readonly comparisons: Readonly<Record<Lane, CellComparison>>;
  /** Null if no strategy has valid times in both languages. */
  readonly inBoth: CAndV8Comparison | null;
}

/** Analyses all cells of a run on one host, in the order of the results. */
export function analyseCells(results: Results): CellAnalysis[] {
  return results.cells.map((cell, index) => {
    const timesIn = (lane: Lane): Map<string, Timed> =>
      new Map(
        nanosecondsPerOperation(results, cell, lane).map(({ strategy, over, processes }) => [
          strategy,
          { ns: over, processes, series: seriesOf(cell, strategy, lane) },
        ]),
      );
    const comparedIn = (lane: Lane) => compareCell(results, cell, results.run.baseline, lane);
    return {
      index,
      workload: results.workloads[index] as WorkloadInfo,
      cell,
      checks: new Map(cell.checks.map((check) => [check.strategy, check])),
      times: { c: timesIn('c'), v8: timesIn('v8') },
      comparisons: { c: comparedIn('c'), v8: comparedIn('v8') },
      inBoth: compareCAndV8(results, cell),
    };
  });
}

/** The languages in which anything was timed, C first. */
export function timedLanguages(cells: readonly Pick<CellAnalysis, 'times'>[]): Lane[] {
  return LANES.toReversed().filter((lane) => cells.some(({ times }) => times[lane].size > 0));
}

/** The language in which strategies are compared in a cell; null if they have no valid times in common. */
export function languageOf(
  { times }: Pick<CellAnalysis, 'times'>,
  strategies: readonly string[],
): Lane | null {
  return leadingLanguage((lane) => strategies.every((id) => times[lane].has(id)));
}

/** A strategy's time, in the language in which it is compared with the baseline. */
export interface LeadingTime extends Timed {
  readonly lane: Lane;
  /** Null for the baseline itself. */
  readonly row: ComparedStrategy | null;
}

/** A strategy's leading time; null if it has no valid time beside one of the baseline. */
export function leadingTime(
  { run }: Pick<Results, 'run'>,
  cell: Pick<CellAnalysis, 'times' | 'comparisons'>,
  strategy: string,
): LeadingTime | null {
  const lane = languageOf(cell, [strategy, run.baseline]);
  if (lane === null) return null;
  const row = cell.comparisons[lane].rows.find((one) => one.strategy === strategy) ?? null;
  return { ...(cell.times[lane].get(strategy) as Timed), lane, row };
}

/** Time of one strategy / time of another with its interval, paired by round; null if they have no valid times in common. */
export function ratioOf(
  { run }: Pick<Results, 'run'>,
  { times }: Pick<CellAnalysis, 'times'>,
  one: string,
  other: string,
  lane: Lane,
): ProcessInterval | null {
  const [top, bottom] = [times[lane].get(one), times[lane].get(other)];
  if (top === undefined || bottom === undefined) return null;
  return ratioInterval(meanOf(logRatios(top.series, bottom.series)), run.confidence);
}

/** The work of an operation of a strategy in a cell; null if it was not counted. */
export function workOf(
  { cell }: Pick<CellAnalysis, 'cell'>,
  strategy: string,
  verb: CountedVerb = 'load',
): WorkSummary | null {
  const counted = cell.counted.find((candidate) => candidate.strategy === strategy);
  return counted?.verbs.find((candidate) => candidate.verb === verb)?.work ?? null;
}

/** Whether a strategy failed a check in a cell, or ended with other entries than the oracle. */
export function isWrong({ checks }: Pick<CellAnalysis, 'checks'>, strategy: string): boolean {
  const check = checks.get(strategy);
  return check !== undefined && (check.findings.length > 0 || !check.matchesOracle);
}

/** The cell of the typical host: pinned, or else the first one with times or counts. */
export function typicalCell(cells: readonly CellAnalysis[]): CellAnalysis | null {
  const timed = cells.filter(({ times }) => LANES.some((lane) => times[lane].size > 0));
  const usable = timed.length > 0 ? timed : cells;
  return usable.find(({ workload }) => workload.id === 'pinned') ?? usable[0] ?? null;
}
