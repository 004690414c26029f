// What the steps of a run cost, so that its progress tells the time. Only their ratios count.
import type { OperationStream } from '../../workloads/stream/stream.js';
import type { ProcessCounts, Progress } from './run-plan.js';

/** Fitted to default runs on two cores of an AMD EPYC VM. Steps of which two run side by side count half of their seconds. */
export const STEP_SECONDS = {
  /** A strategy's check: its process, and a million words of the stream. */
  judging: 0.4,
  judgingMillionWords: 7.4,
  sizing: 0.05,
  /** A strategy on CACHED_HISTORIES. */
  cachedHistories: 0.4,
  /** One process of a set, in rounds of one batch. */
  process: { v8: 0.27, c: 0.02 },
  round: 0.0085,
  reference: 0.2,
  /** A strategy at one point of the sweeps. */
  countedPoint: 0.11,
  /** A strategy in one set with threads. */
  threads: 0.55,
  simulation: 0.6,
  /** A strategy's lines on all heaps, and one of its processes of single updates. */
  recording: 1,
  single: 0.11,
} as const;

/** The seconds in which a strategy is judged on a stream. */
export function judgingSeconds({ words }: OperationStream): number {
  return STEP_SECONDS.judging + (words.length / 1e6) * STEP_SECONDS.judgingMillionWords;
}

/** The seconds of a strategy's processes in a cell. */
export function timingSeconds({ v8, c }: ProcessCounts, rounds: number): number {
  const { process, round } = STEP_SECONDS;
  return v8 * (process.v8 + rounds * round) + c * (process.c + rounds * round);
}

/** Progress of which each step is so long. */
export function weighted(progress: Progress, seconds: number): Progress {
  return { ...progress, advance: (label) => progress.advance(label, seconds) };
}
