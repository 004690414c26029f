// What the oracle found, as figures.
import type { FindingKind, Results } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { anchorOf, placedFindings } from '../figures/strategy-outcomes.js';
import { countText } from '../words/wording.js';
import { checkRows, type Figure } from './answer.js';

/** How often a strategy's findings of a kind were made, workload by workload. */
export function found(results: Results, cells: readonly CellAnalysis[], strategy: string, kind: FindingKind) {
  const placed = placedFindings(results, cells).filter(
    (candidate) => candidate.strategy === strategy && candidate.finding.kind === kind,
  );
  return { placed, count: placed.reduce((sum, { finding }) => sum + finding.count, 0) };
}

/** A figure for each finding: how often, and the shortest history's last step with what it came to. */
export function findingFigures(
  results: Results,
  cells: readonly CellAnalysis[],
  strategy: string,
  kind: FindingKind,
): Figure[] {
  return found(results, cells, strategy, kind).placed.map((placed) => {
    const { workload, finding } = placed;
    const { count, first, counterexample } = finding;
    const what = counterexample?.steps.at(-1) ?? first.what;
    return {
      text: `${strategy} on ${workload}: ${kind} ${countText(count)}; shortest: ${what} -> ${counterexample?.outcome ?? first.outcome}`,
      place: anchorOf(placed),
      rows: checkRows(results, workload, strategy),
    };
  });
}
