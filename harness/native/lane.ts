// C in a run: which strategies take part, or why none does.
import type { HostParameters } from '../../machine/host.js';
import type { PointerBytes } from '../../machine/layout.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { compileNative, nativeCompiler } from './compile.js';

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

/** A host's parameters as a program takes them: KEY=VALUE, with the names and values of `--set`. */
export function hostWords(host: Partial<HostParameters>): string[] {
  return Object.entries(host).map(([key, value]) => `${key}=${value}`);
}
