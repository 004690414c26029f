// What the results amount to: each cell with its comparisons, and each strategy over all cells. Everything that
// the HTML and the text report both say is worked out here, once.
import {
  type CellComparison,
  type Change,
  changesAfterWarmUp,
  compareCell,
  type NanosecondsPerOperation,
  nanosecondsPerOperation,
} from '../../harness/results/comparison.js';
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import { compareLanes, type LaneComparison } from '../../harness/results/lanes.js';
import type {
  Cell,
  Check,
  Finding,
  Results,
  StrategyInfo,
  WorkloadInfo,
  WorkSummary,
} from '../../harness/results/results.js';
import { carriesVerdict, type Verdict } from '../../harness/results/statistics.js';

/** The strategy that is a lower bound and no design. */
export const FLOOR = 'floor';

/** A cell with all that follows from it. */
export interface SurveyedCell {
  readonly workload: WorkloadInfo;
  readonly cell: Cell;
  readonly checks: ReadonlyMap<string, Check>;
  readonly comparison: CellComparison;
  /** Null where the floor did not take part. */
  readonly toFloor: CellComparison | null;
  /** The same two in C; null where nothing was timed in C. */
  readonly inC: CellComparison | null;
  readonly inCToFloor: CellComparison | null;
  /** C beside V8; null where no design counts in both. */
  readonly lanes: LaneComparison | null;
  readonly nanoseconds: ReadonlyMap<string, NanosecondsPerOperation>;
  readonly nanosecondsInC: ReadonlyMap<string, NanosecondsPerOperation>;
  /** Who was not steady yet when the rounds began. */
  readonly changes: readonly Change[];
}

/** All cells, in the order of the results. */
export function surveyCells(results: Results): SurveyedCell[] {
  const hasFloor = results.strategies.some(({ id }) => id === FLOOR);
  const isInC = (cell: Cell) => cell.timing.series.some(({ lane }) => lane === 'c');
  return results.cells.map((cell, index) => ({
    workload: results.workloads[index] as WorkloadInfo,
    cell,
    checks: new Map(cell.checks.map((check) => [check.strategy, check])),
    comparison: compareCell(results, cell),
    toFloor: hasFloor ? compareCell(results, cell, FLOOR) : null,
    inC: isInC(cell) ? compareCell(results, cell, results.run.baseline, 'c') : null,
    inCToFloor: hasFloor && isInC(cell) ? compareCell(results, cell, FLOOR, 'c') : null,
    lanes: compareLanes(results, cell),
    nanoseconds: byStrategy(nanosecondsPerOperation(results, cell)),
    nanosecondsInC: byStrategy(nanosecondsPerOperation(results, cell, 'c')),
    changes: changesAfterWarmUp(results, cell),
  }));
}

function byStrategy(rows: readonly NanosecondsPerOperation[]): Map<string, NanosecondsPerOperation> {
  return new Map(rows.map((row) => [row.strategy, row]));
}

/** The counts of a strategy's operations of a verb in a cell; null where they were not counted. */
export function workOf({ cell }: SurveyedCell, strategy: string, verb: CountedVerb): WorkSummary | null {
  const counted = cell.counted.find((candidate) => candidate.strategy === strategy);
  return counted?.verbs.find((candidate) => candidate.verb === verb)?.work ?? null;
}

/** The counts of a strategy's loads in a cell; null where they were not counted. */
export function loadWork(cell: SurveyedCell, strategy: string): WorkSummary | null {
  return workOf(cell, strategy, 'load');
}

/** Whether any strategy was timed in a cell. */
export function isTimed({ cell }: SurveyedCell): boolean {
  return cell.timing.series.length > 0;
}

/** Whether the oracle shows a strategy wrong in a cell. */
export function isWrong({ checks }: Pick<SurveyedCell, 'checks'>, strategy: string): boolean {
  const check = checks.get(strategy);
  return check !== undefined && (check.findings.length > 0 || !check.matchesOracle);
}

/** Whether a finding lies outside the limits that its strategy declares. */
export function isUnexpected({ declaredBy }: Finding): boolean {
  return declaredBy === null;
}

/** A finding with where it was made. */
export interface PlacedFinding {
  readonly strategy: string;
  readonly workload: string;
  readonly finding: Finding;
}

/** Where the page tells of a finding. No id has a "_" in it. */
export function anchorOf({ strategy, workload, finding }: PlacedFinding): string {
  const { check, kind, declaredBy } = finding;
  return ['finding', strategy, workload, check, kind, declaredBy ?? 'unexpected'].join('_');
}

/** All findings, strategy by strategy. */
export function placedFindings({ strategies }: Results, cells: readonly SurveyedCell[]): PlacedFinding[] {
  return strategies.flatMap(({ id }) =>
    cells.flatMap(({ workload, checks }) =>
      (checks.get(id)?.findings ?? []).map((finding) => ({ strategy: id, workload: workload.id, finding })),
    ),
  );
}

/** Where a ratio stands over the cells whose A/A control is not unreliable. */
export interface Standing {
  /** Least and greatest estimate; null if there is none. */
  readonly range: { readonly low: number; readonly high: number } | null;
  /** Workloads by verdict. */
  readonly verdicts: Readonly<Record<Verdict, readonly string[]>>;
  /** Workloads with a ratio of too few processes for a verdict. */
  readonly unjudged: readonly string[];
}

/** Where a strategy stands against the run's baseline. */
function standingOf(cells: readonly SurveyedCell[], strategy: string): Standing {
  const verdicts: Record<Verdict, string[]> = {
    faster: [],
    slower: [],
    equivalent: [],
    'not separated': [],
  };
  const unjudged: string[] = [];
  const estimates: number[] = [];
  for (const { cell, comparison } of cells) {
    if (comparison.control?.unreliable) continue;
    const row = comparison.rows.find((candidate) => candidate.strategy === strategy);
    if (row === undefined) continue;
    (row.verdict === null ? unjudged : verdicts[row.verdict]).push(cell.workload);
    estimates.push(row.ratio.estimate);
  }
  const range = estimates.length === 0 ? null : { low: Math.min(...estimates), high: Math.max(...estimates) };
  return { range, verdicts, unjudged };
}

/** Findings of one kind over all cells, those within one limit or those unexpected. */
interface FindingTotal extends Pick<Finding, 'kind' | 'declaredBy'> {
  readonly count: number;
}

/** Where the oracle judged a strategy. */
interface Judgement {
  /** Workloads that it judged. */
  readonly judged: readonly string[];
  /** Those in which it is shown wrong. */
  readonly wrongIn: readonly string[];
}

/** Where the oracle judged a strategy, and found it wrong. */
export function judgementOf(cells: readonly SurveyedCell[], strategy: string): Judgement {
  const judged = cells.filter(({ checks }) => checks.has(strategy));
  const names = (some: readonly SurveyedCell[]) => some.map(({ cell }) => cell.workload);
  return { judged: names(judged), wrongIn: names(judged.filter((cell) => isWrong(cell, strategy))) };
}

/** A strategy over all cells. */
export interface StrategyOutcome extends Judgement {
  readonly strategy: StrategyInfo;
  readonly findings: readonly FindingTotal[];
  readonly standing: Standing;
  /** Workloads in which its time per operation is the lowest, or the highest, of the designs without wrong answers. */
  readonly lowestIn: readonly string[];
  readonly highestIn: readonly string[];
  readonly voidIn: readonly string[];
}

/** Every strategy over all cells, in the order of the results. */
export function strategyOutcomes(results: Results, cells: readonly SurveyedCell[]): StrategyOutcome[] {
  const ranks = cells.map(rankCell);
  const workloads = (select: (cell: SurveyedCell, index: number) => boolean) =>
    cells.filter(select).map(({ cell }) => cell.workload);
  return results.strategies.map((strategy) => ({
    strategy,
    findings: totalFindings(cells, strategy.id),
    ...judgementOf(cells, strategy.id),
    standing: standingOf(cells, strategy.id),
    lowestIn: workloads((_, index) => ranks[index]?.lowest === strategy.id),
    highestIn: workloads((_, index) => ranks[index]?.highest === strategy.id),
    voidIn: workloads(({ comparison }) => comparison.void.some((row) => row.strategy === strategy.id)),
  }));
}

/** All findings of a strategy, by kind and limit. */
export function totalFindings(cells: readonly SurveyedCell[], strategy: string): FindingTotal[] {
  const totals = new Map<string, FindingTotal>();
  for (const { checks } of cells) {
    for (const { kind, declaredBy, count } of checks.get(strategy)?.findings ?? []) {
      const key = `${kind} ${declaredBy}`;
      totals.set(key, { kind, declaredBy, count: (totals.get(key)?.count ?? 0) + count });
    }
  }
  return [...totals.values()];
}

/** The designs of the least and greatest time in a cell; null where the A/A control is unreliable, or processes are few. */
function rankCell(cell: SurveyedCell): { lowest: string; highest: string } | null {
  if (cell.comparison.control?.unreliable) return null;
  const ranked = [...cell.nanoseconds.values()]
    .filter(({ strategy }) => strategy !== FLOOR && !isWrong(cell, strategy))
    .sort((a, b) => a.over.estimate - b.over.estimate);
  if (!ranked.every(({ over }) => carriesVerdict(over.n))) return null;
  const [lowest, highest] = [ranked.at(0), ranked.at(-1)];
  return lowest === undefined || highest === undefined || lowest === highest
    ? null
    : { lowest: lowest.strategy, highest: highest.strategy };
}
