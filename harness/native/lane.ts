// The lane of C in a run: which designs take part in it, and where there is none, why.
import type { PointerBytes } from '../../machine/layout.js';
import type { OperationStream } from '../../workloads/stream/stream.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { compileNative, nativeCompiler } from './compile.js';
import { isNativeStream } from './eligibility.js';

/** The designs in C that a run has. */
export interface NativeLane {
  /** Path of the program by strategy. A user's own module has none. */
  readonly programs: ReadonlyMap<string, string>;
  /** Why there is none at all; null if there is one. */
  readonly reason: string | null;
}

/** Compiles the built-in strategies among those of a run, where there is a compiler that can. */
export function openLane(strategies: readonly LoadedStrategy[], pointerBytes: PointerBytes): NativeLane {
  const { reason } = nativeCompiler();
  if (reason !== null) return { programs: new Map(), reason };
  const programs = new Map<string, string>();
  try {
    for (const { strategy, file } of strategies) {
      const program = file === null ? compileNative(strategy.id, pointerBytes) : null;
      if (program !== null) programs.set(strategy.id, program);
    }
  } catch (error) {
    return { programs: new Map(), reason: error instanceof Error ? error.message : String(error) };
  }
  return { programs, reason: programs.size > 0 ? null : 'none of the strategies is written in C' };
}

/** Why no design in C can run a stream; null if those of the lane can. */
export function refusal({ reason }: NativeLane, stream: OperationStream): string | null {
  if (reason !== null) return reason;
  return isNativeStream(stream) ? null : 'its window has verbs that the designs in C do not have';
}
