// The ids of cells to which evidence links, and the JSON pointers (RFC 6901) to the rows that a figure is computed from.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Lane } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/analysis.js';

// No id of a strategy or workload has a "_".
export const timeId = (lane: Lane, workload: string, strategy: string): string =>
  `t_${lane}_${workload}_${strategy}`;
export const geomeanId = (strategy: string): string => `g_${strategy}`;
export const pairId = (one: string, other: string): string => `pair_${one}_${other}`;
/** The cell of a count; the deciding one is that of the lines. */
export const countId = (workload: string, verb: CountedVerb, strategy: string, metric = 'lines'): string =>
  `c_${workload}_${verb}_${strategy}_${metric}`;
export const matrixId = (workload: string, strategy: string): string => `ok_${workload}_${strategy}`;
export const codeId = (strategy: string): string => `code_${strategy}`;
export const stepId = (iommus: number, to: string): string => `step_${iommus}_${to}`;
export const threadsId = (lane: Lane, strategy: string): string => `threads_${lane}_${strategy}`;
export const otherHostId = (host: number, workload: string, strategy: string): string =>
  `o_${host}_${workload}_${strategy}`;
export const singleId = (entries: number, strategy: string): string => `u_${entries}_${strategy}`;

/** The timed series of workloads. */
export function timingRows(cells: readonly CellAnalysis[], workloads: readonly string[]): string[] {
  return cells
    .filter(({ workload }) => workloads.includes(workload.id))
    .map(({ index }) => `/cells/${index}/timing/series`);
}

/** A strategy's counts of an operation on a workload; none if it was not counted. */
export function countedRows({ cell, index }: CellAnalysis, strategy: string, verb: CountedVerb): string[] {
  const counted = cell.counted.findIndex((candidate) => candidate.strategy === strategy);
  const place = cell.counted[counted]?.verbs.findIndex((candidate) => candidate.verb === verb) ?? -1;
  return place < 0 ? [] : [`/cells/${index}/counted/${counted}/verbs/${place}`];
}

/** A strategy's check on a workload; none if it was not judged. */
export function checkRows({ cell, index }: CellAnalysis, strategy: string): string[] {
  const check = cell.checks.findIndex((candidate) => candidate.strategy === strategy);
  return check < 0 ? [] : [`/cells/${index}/checks/${check}`];
}
