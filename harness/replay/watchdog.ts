// What ends an operation that does not end: a budget of accesses to memory, and CPU time where it touches none. The
// reason for both is in method.ts, PATIENCE. V8 ends code by a time-out on the wall alone, and what it has ended cannot go
// on; so at each time-out the CPU time tells whether the work is endless or had no CPU, and then it is begun again.
import { Script } from 'node:vm';
import type { StreamHeader } from '../../workloads/stream/stream.js';
import {
  FIRST_TIMEOUT,
  OPERATION_ACCESSES,
  OPERATION_ACCESSES_PER_OBJECT,
  type Patience,
  QUICK_PART,
  SLICE_MS,
} from '../method.js';

/** Where the script below finds what it has to run. */
const WORK = Symbol.for('gatag-bench watched work');
const script = new Script('globalThis[Symbol.for("gatag-bench watched work")]()');

/** Runs work. @returns Whether it came to its end. */
export type Watch = (work: () => void) => boolean;

/** For work that is watched as a whole. */
export const unwatched: Watch = (work) => {
  work();
  return true;
};

/** A time-out came before the work had used the CPU time that it may. */
class Starved extends Error {
  override readonly name = 'Starved';
}

/** Whether an error is the watch's own word to begin again, and nothing that the work did. */
export const isOfWatch = (error: unknown): boolean => error instanceof Starved;

/**
 * Runs work and ends it at a time-out, also where it loops without touching memory. What was ended runs no more code, not
 * even a `finally`.
 *
 * @param milliseconds - On the wall.
 * @returns Whether it came to its end.
 */
function endsWithin(milliseconds: number, work: () => void): boolean {
  Reflect.set(globalThis, WORK, work);
  try {
    script.runInThisContext({ timeout: Math.ceil(milliseconds) });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return false;
  }
}

/** Runs work that as a rule is short; it is not waited for. @returns Whether it came to its end. */
export function endsAtOnce({ cpuMs }: Patience, work: () => void): boolean {
  return endsWithin(QUICK_PART * cpuMs, work);
}

/**
 * Does something whose parts are watched: each may use so much CPU time. Where a part had no CPU, all is done again from
 * its start, with twice the time.
 *
 * @param attempt - Leaves nothing behind that another attempt would meet. Its watch gives false for a part that is endless.
 */
export function patiently<T>({ cpuMs }: Patience, attempt: (watch: Watch) => T): T {
  for (let wallMs = FIRST_TIMEOUT * cpuMs; ; wallMs *= 2) {
    const watch: Watch = (work) => {
      const before = process.cpuUsage();
      if (endsWithin(wallMs, work)) return true;
      const { user, system } = process.cpuUsage(before);
      if ((user + system) / 1000 < cpuMs) throw new Starved();
      return false;
    };
    try {
      return attempt(watch);
    } catch (error) {
      if (!(error instanceof Starved)) throw error;
    }
  }
}

/**
 * Takes steps in slices, each under a watch, until one says that it was the last.
 *
 * @param step - Gives whether another is to come.
 * @param onSlice - Called before each slice.
 * @returns Whether all slices came to their ends.
 */
export function inSlices(watch: Watch, step: () => boolean, onSlice?: () => void): boolean {
  let goesOn = true;
  const slice = (): void => {
    const end = performance.now() + SLICE_MS;
    do goesOn = step();
    while (goesOn && performance.now() < end);
  };
  while (goesOn) {
    onSlice?.();
    if (!watch(slice)) return false;
  }
  return true;
}

/** Times that one operation of a stream may touch memory. */
export function accessBudget({ irqs, vcpus, vms }: StreamHeader, { accesses }: Patience): number {
  return accesses * (OPERATION_ACCESSES + OPERATION_ACCESSES_PER_OBJECT * (irqs + vcpus + vms));
}
