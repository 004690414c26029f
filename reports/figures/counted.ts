// The counts of an operation; strategies that do the same work share a row.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { WorkSummary } from '../../harness/results/results.js';
import { type CellAnalysis, workOf } from './analysis.js';

/** Strategies with equal counts. */
export interface CountGroup {
  readonly strategy: string;
  readonly alike: readonly string[];
  readonly work: WorkSummary;
}

/** The counts of an operation in a cell. */
export function countGroups(
  cell: CellAnalysis,
  verb: CountedVerb,
  strategies: readonly string[],
): CountGroup[] {
  const groups = new Map<string, { strategy: string; alike: string[]; work: WorkSummary }>();
  for (const strategy of strategies) {
    const work = workOf(cell, strategy, verb);
    if (work === null) continue;
    const known = groups.get(JSON.stringify(work));
    if (known === undefined) groups.set(JSON.stringify(work), { strategy, alike: [], work });
    else known.alike.push(strategy);
  }
  return [...groups.values()];
}

/** The strategy in whose row another one's counts stand. */
export function countedUnder(cell: CellAnalysis, verb: CountedVerb, strategy: string): string {
  const all = cell.cell.counted.map((counted) => counted.strategy);
  const group = countGroups(cell, verb, all).find(
    (one) => one.strategy === strategy || one.alike.includes(strategy),
  );
  return group?.strategy ?? strategy;
}
