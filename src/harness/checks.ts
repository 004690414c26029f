// The oracle's checks. Each finding names the one that made it; none is idle: for each there is a bug that it alone
// finds (see the mutants in the tests).

/** Names of the checks, with what each asserts. */
export const CHECKS = {
  'own-entries': 'the entries that an operation concerns have the right values after it',
  'other-entries': 'an operation changes no entry but those that it concerns',
  interrupts: 'each interrupt ends at its vCPU, by doorbell or by GA log and wakeup',
  memory: 'nothing is read or written that is freed, was never allocated, or is NULL',
  ownership: 'a strategy writes to nothing that belongs to the host',
  frees: 'what is given back is an object, of that size, and not given back already',
  leaks: 'nothing is left when the last VM and irq are gone',
  locks: 'no lock is taken twice, released while free, or held when an operation ends',
  state: 'a strategy keeps nothing but addresses and constants outside the modelled memory',
  schedules: 'operations of several CPUs at once end as they would one after the other, in some order',
  exceptions: 'a strategy does not throw',
  endless: 'every operation ends',
} as const;

/** Name of a check. */
export type CheckName = keyof typeof CHECKS;

/** All names. */
export const CHECK_NAMES = Object.keys(CHECKS) as [CheckName, ...CheckName[]];

/** Those that judge each operation by itself. Operations at once are judged by `verify` alone. */
export const OPERATION_CHECKS = CHECK_NAMES.filter((name) => name !== 'schedules');
