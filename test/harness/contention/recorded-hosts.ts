// Hosts for simulations, written by hand: what each vCPU's load and put do.
import type { RecordedHost } from '../../../harness/contention/recorded-host.js';
import { STEP } from '../../../harness/contention/recording-memory.js';

/** A step: what it does, to which line, with how many accesses; of a lock it is the line that it lies in alone. */
export type Step = readonly [kind: keyof typeof STEP, line: number, accesses?: number];

/** A host on which each vCPU does one thing when it is loaded, and the same when it is put. */
export function hostOf(
  operations: readonly (readonly Step[])[],
  nameOf: (line: number) => string = () => 'lock',
): RecordedHost {
  const steps = operations.flat();
  const locked = [...new Set(steps.filter(([kind]) => kind === 'lock').map(([, line]) => line))];
  const programs = operations.map((operation) =>
    operation.map(([kind, line, accesses = 0]) => {
      return { kind: STEP[kind], line, accesses, lock: Math.max(0, locked.indexOf(line)) };
    }),
  );
  return {
    loads: programs,
    puts: programs,
    lineCount: Math.max(...steps.map(([, line]) => line)) + 1,
    lockNames: locked.map(nameOf),
  };
}
