// What ends an operation that does not end: a budget of accesses to memory, and a clock where it touches none.
import { Script } from 'node:vm';
import type { StreamHeader } from '../workloads/stream.js';
import { OPERATION_ACCESSES, OPERATION_ACCESSES_PER_OBJECT } from './method.js';

/** Where the script below finds what it has to run. */
const WORK = Symbol.for('gatag-bench watched work');
const script = new Script('globalThis[Symbol.for("gatag-bench watched work")]()');

/**
 * Runs work and ends it if it takes too long, also where it loops without touching memory. What was ended runs no
 * more code, not even a `finally`.
 *
 * @param milliseconds - Null for no bound.
 * @returns Whether it came to its end.
 */
export function endsWithin(milliseconds: number | null, work: () => void): boolean {
  if (milliseconds === null) {
    work();
    return true;
  }
  Reflect.set(globalThis, WORK, work);
  try {
    script.runInThisContext({ timeout: milliseconds });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return false;
  }
}

/** Times that one operation of a stream may touch memory. */
export function accessBudget({ irqs, vcpus, vms }: StreamHeader): number {
  return OPERATION_ACCESSES + OPERATION_ACCESSES_PER_OBJECT * (irqs + vcpus + vms);
}
