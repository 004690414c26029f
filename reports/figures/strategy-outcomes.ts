// Each strategy over all cells: its failures, and its times against the baseline.
import type { Finding, Results, StrategyInfo } from '../../harness/results/results.js';
import { carriesVerdict, type Verdict } from '../../harness/results/statistics.js';
import { type CellAnalysis, FLOOR, isWrong } from './cell-analysis.js';

/** Whether a failure lies outside the limits that its strategy declares. */
export function isUnexpected({ declaredBy }: Finding): boolean {
  return declaredBy === null;
}

/** A failure with its strategy and workload. */
export interface PlacedFinding {
  readonly strategy: string;
  readonly workload: string;
  readonly finding: Finding;
}

/** The anchor of a failure in the page. The parts are joined by "_", which no id contains. */
export function anchorOf({ strategy, workload, finding }: PlacedFinding): string {
  const { check, kind, declaredBy } = finding;
  return ['finding', strategy, workload, check, kind, declaredBy ?? 'unexpected'].join('_');
}

/** All failures, strategy by strategy. */
export function placedFindings({ strategies }: Results, cells: readonly CellAnalysis[]): PlacedFinding[] {
  return strategies.flatMap(({ id }) =>
    cells.flatMap(({ workload, checks }) =>
      (checks.get(id)?.findings ?? []).map((finding) => ({ strategy: id, workload: workload.id, finding })),
    ),
  );
}

/** The ratios of a strategy to the baseline. Cells with an unreliable A/A control are left out. */
export interface Standing {
  /** The smallest and the largest ratio; null if there is none. */
  readonly range: { readonly low: number; readonly high: number } | null;
  /** Workloads by verdict. */
  readonly verdicts: Readonly<Record<Verdict, readonly string[]>>;
  /** Workloads with too few processes for a verdict. */
  readonly unjudged: readonly string[];
}

function standingOf(cells: readonly CellAnalysis[], strategy: string): Standing {
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

/** The failures of one kind over all cells, within one declared limit or unexpected. */
interface FindingTotal extends Pick<Finding, 'kind' | 'declaredBy'> {
  readonly count: number;
}

/** The workloads on which a strategy was judged, and those on which it was wrong. */
interface Judgement {
  readonly judged: readonly string[];
  readonly wrongIn: readonly string[];
}

/** The workloads on which a strategy was judged, and those on which it was wrong. */
export function judgementOf(cells: readonly CellAnalysis[], strategy: string): Judgement {
  const judged = cells.filter(({ checks }) => checks.has(strategy));
  const names = (some: readonly CellAnalysis[]) => some.map(({ cell }) => cell.workload);
  return { judged: names(judged), wrongIn: names(judged.filter((cell) => isWrong(cell, strategy))) };
}

/** A strategy over all cells. */
export interface StrategyOutcome extends Judgement {
  readonly strategy: StrategyInfo;
  readonly findings: readonly FindingTotal[];
  readonly standing: Standing;
  /** Workloads on which it has the lowest, or the highest, time of all designs that are right there. */
  readonly lowestIn: readonly string[];
  readonly highestIn: readonly string[];
  readonly voidIn: readonly string[];
}

/** Every strategy over all cells, in the order of the results. */
export function strategyOutcomes(results: Results, cells: readonly CellAnalysis[]): StrategyOutcome[] {
  const ranks = cells.map(rankCell);
  const workloads = (select: (cell: CellAnalysis, index: number) => boolean) =>
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

/** All failures of a strategy, by kind and limit. */
export function totalFindings(cells: readonly CellAnalysis[], strategy: string): FindingTotal[] {
  const totals = new Map<string, FindingTotal>();
  for (const { checks } of cells) {
    for (const { kind, declaredBy, count } of checks.get(strategy)?.findings ?? []) {
      const key = `${kind} ${declaredBy}`;
      totals.set(key, { kind, declaredBy, count: (totals.get(key)?.count ?? 0) + count });
    }
  }
  return [...totals.values()];
}

/** The designs with the lowest and the highest time; null if the A/A control is unreliable or processes are too few. */
function rankCell(cell: CellAnalysis): { lowest: string; highest: string } | null {
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
