// What the oracle can find wrong with a strategy. A failure within a declared limit is a known limitation.

/** The declared limits, for reports, which do not import strategies/. */
export { LIMIT_KINDS, LIMITS } from '../../strategies/limits.js';

/** The kinds of failures, with what each means. */
export const FAILURES = {
  'same-bucket': "an update changed another vCPU's entry, whose tag differs",
  'aliased-tag': "an update changed another vCPU's entry, whose tag is the same",
  'missed-update': 'an entry was not updated',
  'wrong-value': 'an entry was written with a wrong value',
  misdelivered: 'an interrupt reached the wrong place',
  'lost-wakeup': 'a GA log entry did not wake its vCPU, or an interrupt that must be logged was not',
  'found-freed': 'a GA log entry led to a vCPU that was already freed, and woke it',
  'freed-before-wakeup': 'a vCPU was freed between its look-up for a GA log entry and its wakeup',
  'stale-pointer': 'a freed object was accessed, or an entry that posts to no vCPU was changed',
  'wild-access': 'NULL or unallocated memory was accessed',
  'foreign-write': "the host's or another irq's memory was written",
  'bad-free': 'something was freed that is no object, was freed before, or has another size',
  leak: 'memory remained when everything had been taken away',
  lock: 'a lock was taken while held, released while free, or held when an operation ended',
  'data-race': 'a word that CPUs share was accessed without their common lock',
  'lock-inversion': 'locks were taken in an order that can deadlock with another',
  'hidden-state': 'a second instance of the strategy on the same memory behaved differently',
  'not-serial': 'concurrent operations ended as in no serial order',
  deadlock: "concurrent operations waited for each other's locks",
  threw: 'the strategy threw; the rest of the workload was not run',
  endless: 'an operation did not end; the rest of the workload was not run',
} as const;

export type FailureKind = keyof typeof FAILURES;
export const FAILURE_KINDS = Object.keys(FAILURES) as [FailureKind, ...FailureKind[]];
