// JSON pointers (RFC 6901) into results.json: the rows that a figure is computed from.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, SweptPoint } from '../../harness/results/results.js';

function cellOf({ cells }: Results, workload: string): number {
  return cells.findIndex((candidate) => candidate.workload === workload);
}

/** The timed series of a workload. */
export function timingRow(results: Results, workload: string): string {
  return `/cells/${cellOf(results, workload)}/timing/series`;
}

/** A strategy's counts of an operation on a workload; none if it was not counted. */
export function countedRows(
  results: Results,
  workload: string,
  strategy: string,
  verb: CountedVerb,
): string[] {
  const cell = cellOf(results, workload);
  const rows = results.cells[cell]?.counted ?? [];
  const counted = rows.findIndex((candidate) => candidate.strategy === strategy);
  const place = rows[counted]?.verbs.findIndex((candidate) => candidate.verb === verb) ?? -1;
  return place < 0 ? [] : [`/cells/${cell}/counted/${counted}/verbs/${place}`];
}

/** A strategy's check on a workload; none if it was not checked. */
export function checkRows(results: Results, workload: string, strategy: string): string[] {
  const cell = cellOf(results, workload);
  const check = results.cells[cell]?.checks.findIndex((candidate) => candidate.strategy === strategy) ?? -1;
  return check < 0 ? [] : [`/cells/${cell}/checks/${check}`];
}

/** A strategy's counts at a point of a sweep; none if it was not counted. */
export function sweepRows({ sweeps }: Results, point: SweptPoint, strategy: string): string[] {
  const counted = point.counted.findIndex((candidate) => candidate.strategy === strategy);
  return counted < 0 ? [] : [`/sweeps/${sweeps.indexOf(point)}/counted/${counted}`];
}
