// The oracle's checks. Each failure names the check that found it. For each check there is a bug that it alone finds (see the
// mutants in the tests).
//
// `locks` also finds a lock that is released by another than its holder: serial operations leave none held, so such a lock is free.

/** Names of the checks, with what each asserts. */
export const CHECKS = {
  'own-entries': 'an operation leaves correct values in the entries that it affects',
  'other-entries': 'an operation changes only the entries that it affects',
  interrupts:
    'each interrupt reaches its vCPU, by doorbell or by GA log and wakeup, and no freed vCPU is woken',
  memory: 'a strategy accesses only allocated memory',
  ownership: "a strategy never writes to the host's objects",
  frees: 'a strategy frees only whole objects, and each one once',
  leaks: 'no memory remains when the last VM and irq are gone',
  locks: 'no lock is taken twice, released while free, or held when an operation ends',
  lockset: 'a common lock protects each word that CPUs share',
  'lock-order': 'locks are taken in one order, and never two of one kind',
  state: 'all state of a strategy that changes lies in the modelled memory',
  schedules: 'concurrent operations end as in some serial order',
  exceptions: 'a strategy neither throws nor ends its process',
  endless: 'every operation ends',
} as const;

/** Name of a check. */
export type CheckName = keyof typeof CHECKS;

/** All names. */
export const CHECK_NAMES = Object.keys(CHECKS) as [CheckName, ...CheckName[]];

/** The checks of single operations. Only `verify` judges concurrent operations. */
export const OPERATION_CHECKS = CHECK_NAMES.filter((name) => name !== 'schedules');
