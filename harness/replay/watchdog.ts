// Ends an endless operation: by a budget of memory accesses, or by CPU time if it makes no access. PATIENCE in
// method.ts gives the reason for both. V8 can stop code only by a wall-clock timeout, and cannot resume it. So at each
// timeout the CPU time shows whether the work is endless, or only lacked a CPU and must start again.
// The global `performance` loads at its first use. If a timeout stops that, it stays undefined.
import { performance } from 'node:perf_hooks';
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

/** The global property that holds the work for the script below. */
const WORK = Symbol.for('gatag-bench watched work');
const script = new Script('globalThis[Symbol.for("gatag-bench watched work")]()');

/** Runs work. @returns Whether it ended. */
export type Watch = (work: () => void) => boolean;

/** A watch without a limit, for work that is watched as a whole. */
export const unwatched: Watch = (work) => {
  work();
  return true;
};

/** A timeout came before the work had used its CPU time. */
class Starved extends Error {
  override readonly name = 'Starved';
}

/** Whether an error is the watch's own signal to start again, and no error of the work. */
export const isOfWatch = (error: unknown): boolean => error instanceof Starved;

/**
 * Runs work, and stops it at a timeout even if it loops without an access. Stopped work runs no more code, not even a
 * `finally`.
 *
 * @param milliseconds - Wall time.
 * @returns Whether the work ended by itself.
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

/** Runs work that is usually short, with a short timeout. @returns Whether it ended. */
export function endsAtOnce({ cpuMs }: Patience, work: () => void): boolean {
  return endsWithin(QUICK_PART * cpuMs, work);
}

/**
 * Makes an attempt whose parts are watched: each part may use a bounded CPU time. If a part lacked a CPU, the whole
 * attempt starts again with twice the wall time.
 *
 * @param attempt - Must be repeatable. Its watch returns false for an endless part.
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
 * Takes steps in slices, each under a watch.
 *
 * @param step - Returns whether there are more steps.
 * @param onSlice - Called before each slice.
 * @returns Whether all slices ended.
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

/** The number of accesses that one operation of a stream may make. */
export function accessBudget({ irqs, vcpus, vms }: StreamHeader, { accesses }: Patience): number {
  return accesses * (OPERATION_ACCESSES + OPERATION_ACCESSES_PER_OBJECT * (irqs + vcpus + vms));
}
