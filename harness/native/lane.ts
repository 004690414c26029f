// C in a run: which strategies take part, or why none does.
import type { HostParameters } from '../../machine/host.js';
import type { PointerBytes } from '../../machine/layout.js';
import { STARTING_PROCESSES } from '../method.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { concurrently } from '../process/workshop.js';
import { compileNative, nativeCompiler } from './compile.js';

/** The programs in C of a run. */
export type NativeLane = Awaited<ReturnType<typeof openLane>>;

/**
 * Compiles the built-in strategies of a run, if there is a compiler.
 *
 * @returns Path of the program by strategy; a user's own module has none. And why there is no program; null if there is one.
 */
export async function openLane(strategies: readonly LoadedStrategy[], pointerBytes: PointerBytes) {
  const none: ReadonlyMap<string, string> = new Map();
  const { reason } = await nativeCompiler();
  if (reason !== null) return { programs: none, reason };
  const own = strategies.filter(({ file }) => file === null);
  try {
    const programs = await concurrently(own, STARTING_PROCESSES, async ({ strategy: { id } }) => {
      return [id, await compileNative(id, pointerBytes)] as const;
    });
    return {
      programs: new Map(programs.filter((one) => one[1] !== null) as [string, string][]),
      reason: own.length > 0 ? null : 'none of the strategies is written in C',
    };
  } catch (error) {
    return { programs: none, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A host's parameters as a program takes them: KEY=VALUE, with the names and values of `--set`. */
export function hostWords(host: Partial<HostParameters>): string[] {
  return Object.entries(host).map(([key, value]) => `${key}=${value}`);
}
