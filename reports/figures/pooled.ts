// Ratios over workloads, and the ranks that follow from them. The unit of inference is the process.

import { leadingLanguage, logRatios } from '../../harness/results/comparison.js';
import { type Ranking, rank } from '../../harness/results/ranking.js';
import type { Lane, Results } from '../../harness/results/results.js';
import {
  type Comparison,
  carriesVerdict,
  compareFamily,
  meanOf,
  type ProcessInterval,
  type Verdict,
} from '../../harness/results/statistics.js';
import { bandText, numberOf, ratioText } from '../words/wording.js';
import { type CellAnalysis, FLOOR, isWrong, leadingTime, type Timed } from './analysis.js';
import type { Kind } from './strategies.js';

/** Time of one strategy / time of another over workloads. */
export interface PooledRatio {
  readonly one: string;
  readonly other: string;
  readonly lane: Lane;
  readonly ratio: ProcessInterval;
  readonly verdict: Verdict | null;
  /** The workloads: those on which both are right and the A/A control is reliable. */
  readonly workloads: readonly string[];
  /** The mean over workloads of each process. */
  readonly logRatios: readonly number[];
}

/** The ratio of two strategies in C, or in V8 if no workload has both in C; null if no workload can compare them. */
export function pooledRatio(
  results: Results,
  cells: readonly CellAnalysis[],
  one: string,
  other: string,
): PooledRatio | null {
  const usable = (lane: Lane) =>
    cells.filter(
      (cell) =>
        cell.times[lane].has(one) &&
        cell.times[lane].has(other) &&
        !cell.comparisons[lane].control?.unreliable &&
        !isWrong(cell, one) &&
        !isWrong(cell, other),
    );
  const lane = leadingLanguage((candidate) => usable(candidate).length > 0);
  if (lane === null) return null;
  const places = usable(lane);
  const byCell = places.map(({ times }) =>
    logRatios((times[lane].get(one) as Timed).series, (times[lane].get(other) as Timed).series),
  );
  const processes = Math.min(...byCell.map(({ length }) => length));
  const means = Array.from(
    { length: processes },
    (_, process) => meanOf(byCell.map((all) => all[process] as number)).mean,
  );
  const { band, confidence } = results.run;
  const [{ ratio, verdict }] = compareFamily([meanOf(means)], band, confidence) as [Comparison];
  return {
    one,
    other,
    lane,
    ratio,
    verdict,
    workloads: places.map(({ workload }) => workload.id),
    logRatios: means,
  };
}

/** The workloads over which a strategy that is right and timed everywhere is compared. */
export function comparableCells(results: Results, cells: readonly CellAnalysis[]): readonly string[] {
  const { baseline } = results.run;
  const all = results.strategies.flatMap(({ id }) =>
    id === baseline ? [] : [pooledRatio(results, cells, id, baseline)?.workloads ?? []],
  );
  return all.toSorted((one, other) => other.length - one.length)[0] ?? [];
}

/** Strategies that promise right answers, gave no wrong one, and were timed; the lower bound is none. */
export function rightStrategies(
  { strategies }: Results,
  cells: readonly CellAnalysis[],
  ids: readonly string[] = strategies.map(({ id }) => id),
): string[] {
  return ids.filter(
    (id) =>
      id !== FLOOR &&
      strategies.some((strategy) => strategy.id === id && strategy.sound) &&
      cells.every((cell) => !isWrong(cell, id)) &&
      cells.some(({ times }) => times.c.has(id) || times.v8.has(id)),
  );
}

/** Ranks strategies over workloads; null with too few processes, or if two of them cannot be compared. */
export function rankOver(
  results: Results,
  cells: readonly CellAnalysis[],
  ids: readonly string[],
): Ranking | null {
  const [first] = ids;
  if (first === undefined) return null;
  // One strategy has no pair, but needs as many processes.
  const alone = cells.flatMap((cell) => leadingTime(results, cell, first)?.ns.n ?? []);
  if (ids.length === 1 && !carriesVerdict(Math.min(...alone))) return null;
  return rank(ids, (one, other) => pooledRatio(results, cells, one, other)?.logRatios ?? [], results.run);
}

/** The best of a kind: the first in the order of the debate of those that cannot be told apart. */
export interface Best {
  readonly strategy: string;
  readonly alike: readonly string[];
}

/** The best sound member of a kind; null without members, or with too few processes for a rank. */
export function bestOfKind(results: Results, cells: readonly CellAnalysis[], { members }: Kind): Best | null {
  const ids = rightStrategies(results, cells, members);
  const [first, ...alike] = rankOver(results, cells, ids)?.filter((ranked) => ranked.rank === 1) ?? [];
  return first === undefined
    ? null
    : { strategy: first.strategy, alike: alike.map(({ strategy }) => strategy) };
}

/** "list-in-ir-data (tied with pointer-array)". */
export function bestText({ strategy, alike }: Best): string {
  return alike.length === 0 ? strategy : `${strategy} (tied with ${alike.join(', ')})`;
}

/** A comparison as a clause that follows the name of the first strategy. */
export function ratioClause(results: Results, { other, ratio, verdict }: PooledRatio): string {
  const text = ratioText(ratio);
  if (verdict === null)
    return `came out at ${text} the time of ${other} (${numberOf(ratio.n, 'process')}, no verdict)`;
  if (verdict === 'equivalent') return `costs the same as ${other} (${text}, within ±${bandText(results)})`;
  if (verdict === 'not separated') return `is not shown to differ from ${other} (${text}, inconclusive)`;
  return `takes ${text} the time of ${other}`;
}

/** A ratio in a table: "2.15x [2.10, 2.20]", with a mark for a tie. */
export function ratioCell({ ratio, verdict }: Pick<PooledRatio, 'ratio' | 'verdict'>): string {
  const mark = verdict === 'equivalent' ? ' =' : verdict === 'not separated' ? ' ~' : '';
  return `${ratioText(ratio)}${Number.isFinite(ratio.high) ? mark : ''}`;
}
