// Each strategy over all cells: its failures, and its times against the baseline.
import { type Ranked, type Ranking, rankCell } from '../../harness/results/ranking.js';
import type { Finding, Results, StrategyInfo } from '../../harness/results/results.js';
import type { Verdict } from '../../harness/results/statistics.js';
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

/** A workload on which a strategy is first or last, and the strategies that cannot be told apart from it there. */
export interface SharedRank {
  readonly workload: string;
  readonly sharedWith: readonly string[];
}

/** A strategy over all cells. */
export interface StrategyOutcome extends Judgement {
  readonly strategy: StrategyInfo;
  readonly findings: readonly FindingTotal[];
  readonly standing: Standing;
  /** Workloads on which no design that is right there is shown to be faster, or slower. */
  readonly firstIn: readonly SharedRank[];
  readonly lastIn: readonly SharedRank[];
  readonly voidIn: readonly string[];
}

/** Every strategy over all cells, in the order of the results. */
export function strategyOutcomes(results: Results, cells: readonly CellAnalysis[]): StrategyOutcome[] {
  const rankings = cells.flatMap((cell) => {
    const ranking = rightRanking(results, cell);
    return ranking === null ? [] : [{ workload: cell.workload.id, ranking }];
  });
  const workloads = (select: (cell: CellAnalysis) => boolean) =>
    cells.filter(select).map(({ cell }) => cell.workload);
  return results.strategies.map((strategy) => ({
    strategy,
    findings: totalFindings(cells, strategy.id),
    ...judgementOf(cells, strategy.id),
    standing: standingOf(cells, strategy.id),
    firstIn: sharedRanks(rankings, strategy.id, ({ rank }) => rank === 1),
    lastIn: sharedRanks(rankings, strategy.id, ({ isLast }) => isLast),
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

/**
 * Ranks the designs that are right in a cell. Null if the A/A control is unreliable, processes are too few, or none can be
 * told apart.
 */
function rightRanking(results: Results, cell: CellAnalysis): Ranking | null {
  if (cell.comparison.control?.unreliable) return null;
  const right = results.strategies.flatMap(({ id }) => (id === FLOOR || isWrong(cell, id) ? [] : [id]));
  const ranking = rankCell(results, cell.cell, right);
  return ranking?.some(({ rank }) => rank > 1) ? ranking : null;
}

function sharedRanks(
  rankings: readonly { readonly workload: string; readonly ranking: Ranking }[],
  strategy: string,
  isShared: (ranked: Ranked) => boolean,
): SharedRank[] {
  return rankings.flatMap(({ workload, ranking }) => {
    const shared = ranking.filter(isShared).map((ranked) => ranked.strategy);
    return shared.includes(strategy)
      ? [{ workload, sharedWith: shared.filter((other) => other !== strategy) }]
      : [];
  });
}
