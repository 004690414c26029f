// The best designs of a run. No design is the best by a point estimate: those that cannot be told apart are named together.
import { rank } from '../../harness/results/ranking.js';
import { LANES, type Lane, type Results } from '../../harness/results/results.js';
import { type CellAnalysis, FLOOR, isWrong } from '../figures/cell-analysis.js';
import { namesText } from '../words/wording.js';
import type { Kind } from './designs.js';
import { pooledRatio } from './pooled-ratio.js';

/** The best of some designs. */
export interface Best {
  /** Named for all of them: the first in the order of the debate. */
  readonly strategy: string;
  /** The others that cannot be told apart from it and are not shown to be slower than any. */
  readonly alike: readonly string[];
}

/** The languages in which anything was timed; C leads, because V8 is the model's own cost. */
export function timedLanes(cells: readonly CellAnalysis[]): Lane[] {
  return LANES.filter((lane) => cells.some((cell) => timesOf(cell, lane).size > 0)).toReversed();
}

/** Those of some designs that promise right answers, gave no wrong one, and have times; in the order given. */
export function rightDesigns(
  results: Results,
  cells: readonly CellAnalysis[],
  ids: readonly string[],
  lane: Lane,
): string[] {
  return ids.filter(
    (id) =>
      id !== FLOOR &&
      results.strategies.some((strategy) => strategy.id === id && strategy.sound) &&
      cells.every((cell) => !isWrong(cell, id)) &&
      cells.some((cell) => timesOf(cell, lane).has(id)),
  );
}

/** The best of some designs over workloads. @returns Null without designs, or with too few processes for a rank. */
export function bestOf(
  results: Results,
  cells: readonly CellAnalysis[],
  ids: readonly string[],
  lane: Lane,
): Best | null {
  const ranking = rank(
    ids,
    (one, other) => pooledRatio(results, cells, one, other, lane)?.logRatios ?? [],
    results.run,
  );
  const [first, ...others] = ranking?.filter((ranked) => ranked.rank === 1) ?? [];
  return first === undefined
    ? null
    : { strategy: first.strategy, alike: others.map(({ strategy }) => strategy) };
}

/** The best of a kind over the workloads. */
export function bestOfKind(
  results: Results,
  cells: readonly CellAnalysis[],
  { members }: Kind,
  lane: Lane,
): Best | null {
  return bestOf(results, cells, rightDesigns(results, cells, members, lane), lane);
}

/** "bucket-lock-hash (not told apart from shared-hash)". */
export function bestText({ strategy, alike }: Best): string {
  return alike.length === 0 ? strategy : `${strategy} (not told apart from ${namesText(alike)})`;
}

function timesOf({ nanoseconds, nanosecondsInC }: CellAnalysis, lane: Lane): CellAnalysis['nanoseconds'] {
  return lane === 'v8' ? nanoseconds : nanosecondsInC;
}
