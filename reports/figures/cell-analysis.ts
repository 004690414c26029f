// Each cell with its comparisons. The HTML page, the text, the charts and the answers all start from this analysis.
import { type CAndV8Comparison, compareCAndV8 } from '../../harness/results/c-and-v8.js';
import {
  type CellComparison,
  type Change,
  changesAfterWarmUp,
  compareCell,
  type NanosecondsPerOperation,
  nanosecondsPerOperation,
} from '../../harness/results/comparison.js';
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Cell, Check, Lane, Results, WorkloadInfo, WorkSummary } from '../../harness/results/results.js';

/** Id of the lower bound, which is not a design. */
export const FLOOR = 'floor';

/** A cell with its comparisons. */
export interface CellAnalysis {
  readonly workload: WorkloadInfo;
  readonly cell: Cell;
  readonly checks: ReadonlyMap<string, Check>;
  /** In V8, against the baseline of the run. */
  readonly comparison: CellComparison;
  /** In V8, against the lower bound; null if it did not take part. */
  readonly toFloor: CellComparison | null;
  /** The same two in C; null if no strategy was timed in C. */
  readonly inC: CellComparison | null;
  readonly inCToFloor: CellComparison | null;
  /** Null if no strategy has valid times in both languages. */
  readonly cAndV8: CAndV8Comparison | null;
  readonly nanoseconds: ReadonlyMap<string, NanosecondsPerOperation>;
  readonly nanosecondsInC: ReadonlyMap<string, NanosecondsPerOperation>;
  /** The strategies that were not steady yet when the rounds began. */
  readonly changes: readonly Change[];
}

/** Analyses all cells, in the order of the results. */
export function analyseCells(results: Results): CellAnalysis[] {
  const hasFloor = results.strategies.some(({ id }) => id === FLOOR);
  return results.cells.map((cell, index) => {
    const isInC = cell.timing.series.some(({ lane }) => lane === 'c');
    const times = (lane: Lane) =>
      new Map(nanosecondsPerOperation(results, cell, lane).map((row) => [row.strategy, row]));
    return {
      workload: results.workloads[index] as WorkloadInfo,
      cell,
      checks: new Map(cell.checks.map((check) => [check.strategy, check])),
      comparison: compareCell(results, cell),
      toFloor: hasFloor ? compareCell(results, cell, FLOOR) : null,
      inC: isInC ? compareCell(results, cell, results.run.baseline, 'c') : null,
      inCToFloor: hasFloor && isInC ? compareCell(results, cell, FLOOR, 'c') : null,
      cAndV8: compareCAndV8(results, cell),
      nanoseconds: times('v8'),
      nanosecondsInC: times('c'),
      changes: changesAfterWarmUp(results, cell),
    };
  });
}

/** The work of an operation of a strategy in a cell; null if it was not counted. */
export function workOf({ cell }: CellAnalysis, strategy: string, verb: CountedVerb): WorkSummary | null {
  const counted = cell.counted.find((candidate) => candidate.strategy === strategy);
  return counted?.verbs.find((candidate) => candidate.verb === verb)?.work ?? null;
}

/** The work of a load of a strategy in a cell; null if it was not counted. */
export function loadWork(cell: CellAnalysis, strategy: string): WorkSummary | null {
  return workOf(cell, strategy, 'load');
}

/** Whether any strategy was timed in a cell. */
export function isTimed({ cell }: CellAnalysis): boolean {
  return cell.timing.series.length > 0;
}

/** Whether a strategy failed a check in a cell, or ended with other entries than the oracle. */
export function isWrong({ checks }: Pick<CellAnalysis, 'checks'>, strategy: string): boolean {
  const check = checks.get(strategy);
  return check !== undefined && (check.findings.length > 0 || !check.matchesOracle);
}
