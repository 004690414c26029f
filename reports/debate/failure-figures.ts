// Failures as figures.
import { sum } from 'simple-statistics';
import type { FindingKind, Results } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { anchorOf, type PlacedFinding, placedFindings } from '../figures/strategy-outcomes.js';
import { countText } from '../words/wording.js';
import type { Figure } from './answer.js';
import { checkRows } from './rows.js';

/** A strategy's failures of a kind, workload by workload, and how often they happened. */
export function failuresOf(
  results: Results,
  cells: readonly CellAnalysis[],
  strategy: string,
  kind: FindingKind,
): { placed: PlacedFinding[]; count: number } {
  const placed = placedFindings(results, cells).filter(
    (candidate) => candidate.strategy === strategy && candidate.finding.kind === kind,
  );
  return { placed, count: sum(placed.map(({ finding }) => finding.count)) };
}

/** A figure for each workload: how often it failed, and the last step of the shortest counterexample. */
export function failureFigures(
  results: Results,
  cells: readonly CellAnalysis[],
  strategy: string,
  kind: FindingKind,
): Figure[] {
  return failuresOf(results, cells, strategy, kind).placed.map((placed) => {
    const { count, first, counterexample } = placed.finding;
    const step = counterexample?.steps.at(-1) ?? first.what;
    const outcome = counterexample?.outcome ?? first.outcome;
    return {
      text: `${strategy} on ${placed.workload}: ${kind} ${countText(count)}; shortest: ${step} -> ${outcome}`,
      place: anchorOf(placed),
      rows: checkRows(results, placed.workload, strategy),
    };
  });
}
