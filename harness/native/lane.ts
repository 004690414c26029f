// C in a run: which strategies take part, or why none does.
import type { PointerBytes } from '../../machine/layout.js';
import type { OperationStream } from '../../workloads/stream/stream.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { compileNative, nativeCompiler } from './compile.js';
import { isNativeStream } from './eligibility.js';

/** The programs in C of a run. */
export interface NativeLane {
  /** Path of the program by strategy. A user's own module has none. */
  readonly programs: ReadonlyMap<string, string>;
  /** Why there is no program; null if there is one. */
  readonly reason: string | null;
}

/** Compiles the built-in strategies of a run, if there is a compiler. */
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

/** The programs that can run a stream: all or none. */
export function laneFor(lane: NativeLane, stream: OperationStream): NativeLane {
  if (lane.reason !== null || isNativeStream(stream)) return lane;
  return { programs: new Map(), reason: 'its window has verbs that the designs in C do not have' };
}
