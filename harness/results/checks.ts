// The oracle's checks. Each finding names the one that made it; none is idle: for each there is a bug that it alone
// finds (see the mutants in the tests).
//
// That a lock is released by its holder alone is in `locks`: operations come one after the other and leave none held, so
// that whoever releases one that it did not take releases one that is free.

/** Names of the checks, with what each asserts. */
export const CHECKS = {
  'own-entries': 'the entries that an operation concerns have the right values after it',
  'other-entries': 'an operation changes no entry but those that it concerns',
  interrupts:
    'each interrupt ends at its vCPU, by doorbell or by GA log and wakeup, and no freed vCPU is woken',
  memory: 'nothing is read or written that is freed, was never allocated, or is NULL',
  ownership: 'a strategy writes to nothing that belongs to the host',
  frees: 'what is given back is an object, of that size, and not given back already',
  leaks: 'nothing is left when the last VM and irq are gone',
  locks: 'no lock is taken twice, released while free, or held when an operation ends',
  lockset: 'each word that CPUs share is under a lock that all hold who touch it',
  'lock-order': 'locks are taken in one order, and none while one of its kind is held',
  state: 'a strategy keeps nothing but addresses and constants outside the modelled memory',
  schedules: 'operations of several CPUs at once end as they would one after the other, in some order',
  exceptions: 'a strategy does not throw, or end its process',
  endless: 'every operation ends',
} as const;

/** Name of a check. */
export type CheckName = keyof typeof CHECKS;

/** All names. */
export const CHECK_NAMES = Object.keys(CHECKS) as [CheckName, ...CheckName[]];

/** Those that judge each operation by itself. Operations at once are judged by `verify` alone. */
export const OPERATION_CHECKS = CHECK_NAMES.filter((name) => name !== 'schedules');
