// What the oracle can find wrong with a strategy. A failure within a declared limit is a known limitation.

/** The declared limits, for reports, which do not import strategies/. */
export { LIMIT_KINDS, LIMITS } from '../../strategies/limits.js';

/** The kinds of failures, with what each means. */
export const FAILURES = {
  'same-bucket': 'an update changed the entry of another vCPU, whose tag differs',
  'aliased-tag': 'an update changed the entry of another vCPU, whose tag is the same',
  'missed-update': 'an entry was left as it was',
  'wrong-value': 'an entry was written, wrongly',
  misdelivered: 'an interrupt reached the wrong place',
  'lost-wakeup': 'a GA log entry did not wake its vCPU, or an interrupt that must be logged was not',
  'found-freed': 'a GA log entry led to a vCPU that was already freed, and woke it',
  'freed-before-wakeup': 'a vCPU was freed between its look-up for a GA log entry and its wakeup',
  'stale-pointer': 'something that was freed was touched, or an entry changed that posts to no vCPU',
  'wild-access': 'NULL or what was never allocated was touched',
  'foreign-write': 'something was written that belongs to the host or to another irq',
  'bad-free': 'what was given back is no object, or was given back before, or has another size',
  leak: 'memory was not given back when everything had been taken away',
  lock: 'a lock was taken while held, released while free, or held when an operation ended',
  'data-race': 'a word that CPUs share was touched without a lock that all others who touch it hold',
  'lock-inversion': 'locks were taken in an order that, with another, leaves two CPUs waiting for each other',
  'hidden-state':
    'a second instance of the strategy on the same memory did not do what the first would have done',
  'not-serial': 'operations at once ended as they do in no order of one after the other',
  deadlock: "operations at once waited for each other's locks",
  threw: 'the strategy threw; the rest of the workload was not run',
  endless: 'an operation did not end; the rest of the workload was not run',
} as const;

export type FailureKind = keyof typeof FAILURES;
export const FAILURE_KINDS = Object.keys(FAILURES) as [FailureKind, ...FailureKind[]];
