// What an answer is made of. A sentence stands on figures, and each figure says where it is to be found: in the page, and
// in results.json.

import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, SweptPoint } from '../../harness/results/results.js';
import type { PooledRatio } from './pooled-ratio.js';

/** A figure that a sentence stands on. */
export interface Figure {
  readonly text: string;
  /** Id of the place in the page that shows it. */
  readonly place: string;
  /** JSON pointers (RFC 6901) to the rows of results.json that it is computed from. */
  readonly rows: readonly string[];
  /** The ratio over workloads that it is, if it is one. */
  readonly pooled?: PooledRatio;
}

/** A question of the review with what this run says to it. */
export interface Answer {
  /** Of the question; its place in the page is this behind "debate-". */
  readonly id: string;
  readonly question: string;
  /** Whether the question is in the mail's own words. */
  readonly isQuoted: boolean;
  /** One sentence. */
  readonly answer: string;
  /** Those that decide it first. */
  readonly figures: readonly Figure[];
}

/** Begins an answer to which something is missing. */
export const CANNOT_TELL = 'This run cannot tell';

/** Where in the page an answer stands. */
export function placeOf({ id }: Pick<Answer, 'id'>): string {
  return `debate-${id}`;
}

/** A question, in quotation marks where the mail has it so. */
export function questionText({ question, isQuoted }: Answer): string {
  return isQuoted ? `"${question}"` : question;
}

function cellOf({ cells }: Results, workload: string): number {
  return cells.findIndex((candidate) => candidate.workload === workload);
}

/** Row of the processes that were timed in a workload. */
export function timingRow(results: Results, workload: string): string {
  return `/cells/${cellOf(results, workload)}/timing/series`;
}

/** Row of a strategy's counts of a verb in a workload; none where it was not counted. */
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

/** Row of a strategy's check in a workload; none where it was not checked. */
export function checkRows(results: Results, workload: string, strategy: string): string[] {
  const cell = cellOf(results, workload);
  const check = results.cells[cell]?.checks.findIndex((candidate) => candidate.strategy === strategy) ?? -1;
  return check < 0 ? [] : [`/cells/${cell}/checks/${check}`];
}

/** Row of a strategy's counts on a host of a sweep; none where it was not counted. */
export function sweepRow({ sweeps }: Results, point: SweptPoint, strategy: string): string[] {
  const counted = point.counted.findIndex((candidate) => candidate.strategy === strategy);
  return counted < 0 ? [] : [`/sweeps/${sweeps.indexOf(point)}/counted/${counted}`];
}
