// The time that one design saves against another on a workload.
import { stepsByProcess } from '../../harness/results/comparison.js';
import type { Lane, Results } from '../../harness/results/results.js';
import { meanInterval, type ProcessInterval } from '../../harness/results/statistics.js';
import type { CellAnalysis } from './cell-analysis.js';

/** A saving in ns per operation, and as a part of the time of the slower design. */
export interface SavedTime {
  readonly ns: ProcessInterval;
  readonly part: number;
  /** Time of the design that is saved against. */
  readonly of: number;
}

/** The time that `other` saves against `one`, paired by round within a process; null if either has no valid time. */
export function savedTime(
  { run }: Results,
  { cell, nanoseconds, nanosecondsInC }: CellAnalysis,
  one: string,
  other: string,
  lane: Lane,
): SavedTime | null {
  const times = lane === 'v8' ? nanoseconds : nanosecondsInC;
  const of = times.get(one)?.over.estimate;
  if (of === undefined || !times.has(other)) return null;
  const saved = stepsByProcess(cell, [one, other], lane).map(([ns]) => ns as number);
  const ns = meanInterval(saved, run.confidence);
  return { ns, part: ns.estimate / of, of };
}
