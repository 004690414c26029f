// Every constant that shapes a result, with its reason. None of them is changed after a run has begun.

/** The strategy that the others are compared with: what the review proposes. It takes part twice (A/A). */
export const BASELINE = 'ir-data-pointer';

/**
 * Ratios inside 1 ± this are "equivalent": a reviewer would not trade complexity for less, and two copies of
 * the same loop differ by about as much between processes (SD 2.8 % on the machine this was tried on).
 */
export const EQUIVALENCE_BAND = 0.03;

/** Confidence of every interval. */
export const CONFIDENCE = 0.95;

/**
 * Warm-up of each process before its first round: at least so many ms in the fastest strategy of the cell, and at
 * least so many replays. V8 optimises after some thousands of calls and compiles on another thread meanwhile;
 * the series of each warm-up is kept, so that one can see whether it was enough.
 */
export const WARM_UP_MS = 40;
export const WARM_UP_WINDOWS = 8;

/** Replays of a calibration, in ms. */
export const CALIBRATION_MS = 60;

/** Shortest timed batch in ms, in the fastest strategy of the cell; shorter ones measure cold caches. */
export const MIN_BATCH_MS = 3;

/** Processes that start and warm up at a time; timed rounds are exclusive. */
export const STARTING_PROCESSES = 2;

/** The suites: workloads, processes per strategy, and timed batches per process. */
export const SUITES = {
  /** Shows that everything works. Three forks cannot carry a verdict. */
  quick: { workloads: ['pinned', 'overcommit', 'recorded'], forks: 3, rounds: 5, verdictIntended: false },
  default: {
    workloads: [
      'pinned',
      'overcommit',
      'many-queues',
      'beyond-255-vms',
      'rebalance',
      'halt-wake',
      'recorded',
    ],
    forks: 10,
    rounds: 10,
    verdictIntended: true,
  },
  full: {
    workloads: [
      'pinned',
      'overcommit',
      'many-queues',
      'beyond-255-vms',
      'rebalance',
      'halt-wake',
      'recorded',
    ],
    forks: 20,
    rounds: 20,
    verdictIntended: true,
  },
} as const;

/** Name of a suite. */
export type SuiteName = keyof typeof SUITES;

/** A child that says nothing for this long is taken for hung, in ms. */
export const CHILD_TIMEOUT_MS = 120_000;
