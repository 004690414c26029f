// The table of the front page and of the mail: strategies by workloads. Strategies that cannot be told apart share a row.

import type { Results } from '../../harness/results/results.js';
import { compareSingleUpdates } from '../../harness/results/single-updates.js';
import { type ProcessInterval, sideOfOne, type Verdict } from '../../harness/results/statistics.js';
import { type CellAnalysis, FLOOR, isWrong, leadingTime, timedLanguages } from './analysis.js';
import { pooledRatio, rankOver, rightStrategies } from './pooled.js';
import { COMPARED, KEPT, kindOf, POSTED } from './strategies.js';

/** The workloads with hot caches that the table has, as far as the run has them. Others follow if there is room. */
const WANTED = ['pinned', 'overcommit', 'halt-wake', 'recorded', 'many-queues', 'rebalance'];
const MOST_WORKLOADS = 6;

/** Entries of the vCPU whose update the table has with cold caches, and those whose update shows how long interrupts are off. */
export const COLD_ENTRIES = [2, 64] as const;
export const MOST_ENTRIES = 512;

const MOST_ROWS = 10;

/** The rows that stay if there are too many, the most important first. */
const KEPT_ROWS = [KEPT, POSTED, ...COMPARED, FLOOR, 'merged-7.3', 'merged-6.17'];

/** A strategy on a workload. */
export type FrontCell = NonNullable<ReturnType<typeof frontCell>>;

/** A row: a strategy, and those that are equal to it. */
export interface FrontRow {
  readonly strategy: string;
  readonly alike: readonly string[];
}

export type FrontTable = ReturnType<typeof frontTable>;

/** The table of a run. */
export function frontTable(results: Results, cells: readonly CellAnalysis[]) {
  const timed = cells.filter(({ times }) => times.c.size + times.v8.size > 0);
  const wanted = WANTED.flatMap((id) => timed.filter(({ workload }) => workload.id === id));
  const workloads = [...wanted, ...timed.filter((cell) => !wanted.includes(cell))].slice(0, MOST_WORKLOADS);
  const groups = groupsOf(results, cells);
  const byImportance = groups.toSorted((one, other) => importance(one) - importance(other));
  const kept = new Set(byImportance.slice(0, MOST_ROWS));
  const shown = groups.filter((group) => kept.has(group));
  const processes = workloads.flatMap((cell) =>
    shown.flatMap(([strategy]) => leadingTime(results, cell, strategy)?.ns.n ?? []),
  );
  return {
    workloads,
    rows: shown.map(([strategy, ...alike]): FrontRow => ({ strategy, alike })),
    /** Strategies without a row. */
    others: groups.filter((group) => !kept.has(group)).flat(),
    /** The language of most of the times; null if nothing was timed. */
    lane: timedLanguages(workloads)[0] ?? null,
    /** The fewest processes behind a time; 0 if nothing was timed. */
    processes: processes.length === 0 ? 0 : Math.min(...processes),
  };
}

/** A strategy on a workload; null without a valid time. */
export function frontCell(results: Results, cell: CellAnalysis, strategy: string) {
  const time = leadingTime(results, cell, strategy);
  if (time === null) return null;
  const { ns, lane } = time;
  return {
    ns,
    lane,
    isWrong: isWrong(cell, strategy),
    /** Whether the workload's A/A control fails. */
    isUnreliable: cell.comparisons[lane].control?.unreliable ?? false,
  };
}

/** The median of one update of so many entries with cold caches, or its 99th percentile; null if it was not timed. */
export function coldTime(
  results: Results,
  strategy: string,
  entries: number,
  figure: 'medianNs' | 'p99Ns' = 'medianNs',
): ProcessInterval | null {
  const point = results.singleUpdates.points.find((one) => one.entries === entries);
  if (point === undefined) return null;
  const valid = compareSingleUpdates(results, point, 'cold', figure);
  return valid.find((one) => one.strategy === strategy && one.role === 'strategy')?.ns ?? null;
}

function importance([strategy]: readonly [string, ...string[]]): number {
  const place = KEPT_ROWS.indexOf(strategy);
  return place < 0 ? KEPT_ROWS.length : place;
}

/** Whether no column of the table tells two strategies apart by more than the band. */
function areAlike(results: Results, cells: readonly CellAnalysis[], one: string, other: string): boolean {
  const isToldApart = (verdict: Verdict | null | undefined) => verdict === 'faster' || verdict === 'slower';
  const { points } = results.singleUpdates;
  return (
    pooledRatio(results, cells, one, other)?.verdict === 'equivalent' &&
    cells.every((cell) => !isToldApart(pooledRatio(results, [cell], one, other)?.verdict)) &&
    points
      .filter(({ entries }) => COLD_ENTRIES.some((shown) => shown === entries))
      .every((point) => {
        const run = { ...results.run, baseline: other };
        const all = compareSingleUpdates({ run }, point, 'cold', 'medianNs');
        const ratio = all.find(({ strategy, role }) => strategy === one && role === 'strategy')?.ratio;
        const side = ratio ? sideOfOne(ratio) : null;
        return side === null || !ratio || Math.max(1 - ratio.low, ratio.high - 1) <= run.band;
      })
  );
}

/** Strategies in the order of the results; one joins the first of its kind that it equals in time and in its failures. */
function groupsOf(results: Results, cells: readonly CellAnalysis[]): [string, ...string[]][] {
  const wrongIn = (id: string) =>
    cells.flatMap((cell) => (isWrong(cell, id) ? [cell.workload.id] : [])).join();
  const groups: [string, ...string[]][] = [];
  const ids = results.strategies.map(({ id }) => id);
  // The most important strategy names its group.
  for (const id of ids.toSorted((one, other) => importance([one]) - importance([other]))) {
    const equal = groups.find(
      ([first]) =>
        kindOf(first) === kindOf(id) && wrongIn(first) === wrongIn(id) && areAlike(results, cells, id, first),
    );
    if (equal === undefined) groups.push([id]);
    else equal.push(id);
  }
  return groups.sort(([one], [other]) => ids.indexOf(one) - ids.indexOf(other));
}

/** The ranks of the right strategies over workloads; empty without a verdict. */
export function ranksOf(results: Results, cells: readonly CellAnalysis[]): Map<string, string> {
  const ranking = rankOver(results, cells, rightStrategies(results, cells)) ?? [];
  return new Map(
    ranking.map(({ strategy, rank }) => {
      const tied = ranking.filter((other) => other.rank === rank).length;
      return [strategy, tied === 1 ? String(rank) : `${rank}=`];
    }),
  );
}
