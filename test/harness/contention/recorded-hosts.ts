// Hosts for simulations, written by hand: what each vCPU's load and put do.
import type { Program, RecordedHost } from '../../../harness/contention/recorded-host.js';
import { STEP } from '../../../harness/contention/recording-memory.js';

/** A step: what it does, to which line, with how many accesses; of a lock it is the line that it lies in alone. */
export type Step = readonly [kind: keyof typeof STEP, line: number, accesses?: number];

/** A host on which each vCPU does one thing when it is loaded, and the same when it is put. */
export function hostOf(
  operations: readonly (readonly Step[])[],
  nameOf: (line: number) => string = () => 'lock',
): RecordedHost {
  const steps = operations.flat();
  const programs: Program[] = [];
  let start = 0;
  for (const { length } of operations) {
    programs.push({ start, end: start + length });
    start += length;
  }
  const locked = [...new Set(steps.filter(([kind]) => kind === 'lock').map(([, line]) => line))];
  return {
    loads: programs,
    puts: programs,
    kinds: Uint8Array.from(steps, ([kind]) => STEP[kind]),
    lines: Int32Array.from(steps, ([, line]) => line),
    accesses: Int32Array.from(steps, ([, , accesses = 0]) => accesses),
    locks: Int32Array.from(steps, ([, line]) => Math.max(0, locked.indexOf(line))),
    lineCount: Math.max(...steps.map(([, line]) => line)) + 1,
    lockNames: locked.map(nameOf),
  };
}
