// Compiles the strategies in C on first use, if there is a C compiler, and keeps the programs in the user's cache.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PointerBytes } from '../../machine/layout.js';

/** The project's root, as seen from the compiled module, dist/harness/native/compile.js. */
export const SOURCES = join(import.meta.dirname, '../../..');

/** The folders with C: the machine's headers, the strategies, and the program around a strategy. */
export const FOLDERS = ['machine', 'strategies', 'strategies/parts', 'harness/native'];

/** The program around a strategy. */
export const PROGRAM = join(SOURCES, 'harness/native/program.c');

const COMPILER = 'cc';

/** Flags like the kernel's, whose code has fixed addresses; and on x86-64 cmpxchg16b, which writes a live IRTE. */
export const FLAGS = [
  '-std=gnu11',
  '-O2',
  '-fno-strict-aliasing',
  ...(process.platform === 'linux' ? ['-fno-pie', '-no-pie'] : []),
  '-pthread',
  ...(process.arch === 'x64' ? ['-mcx16'] : []),
];

/** The C compiler of this machine, or why there is none. */
export type NativeCompiler =
  | { readonly version: string; readonly reason: null }
  | { readonly version: null; readonly reason: string };

/** Looks for the compiler. Its version is the first line of its --version. */
export function nativeCompiler(): NativeCompiler {
  const { error, status, stdout } = spawnSync(COMPILER, ['--version'], { encoding: 'utf8' });
  if (error !== undefined) return { version: null, reason: `no C compiler: ${COMPILER} is not on PATH` };
  const version = stdout.split('\n')[0] ?? '';
  if (status !== 0 || version === '') {
    return { version: null, reason: `no C compiler: ${COMPILER} --version fails` };
  }
  return { version, reason: null };
}

/** The compiler's version and flags; null without a compiler. */
export function describeCompiler(): string | null {
  const { version } = nativeCompiler();
  return version === null ? null : `${version}; ${FLAGS.join(' ')}`;
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gatag-bench');
}

/** A hash of everything that makes a program: its strategy, the other sources, flags and compiler. */
function keyOf(words: readonly string[], source: string): string {
  const hash = createHash('sha256').update(words.join('\n'));
  hash.update(readFileSync(join(SOURCES, source)));
  for (const folder of FOLDERS) {
    const names = readdirSync(join(SOURCES, folder)).filter((name) => /\.[ch]$/.test(name));
    for (const name of names.sort()) {
      hash.update(`\n${name}\n`).update(readFileSync(join(SOURCES, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Compiles a built-in strategy. @see compileSource */
export function compileNative(strategyId: string, pointerBytes: PointerBytes): string | null {
  return compileSource(strategyId, `strategies/${strategyId}.c`, [`-DPOINTER_BYTES=${pointerBytes}`]);
}

/**
 * Compiles the program around a strategy, unless it is in the cache.
 *
 * @param name - Of the program.
 * @param source - Path of the strategy in the project.
 * @returns Path of the program; null without a compiler.
 * @throws Error if the compiler fails.
 */
export function compileSource(name: string, source: string, defines: readonly string[]): string | null {
  const { version } = nativeCompiler();
  if (version === null) return null;
  // The path is seen from the program's source.
  const flags = [...FLAGS, ...defines, `-DSTRATEGY="../../${source}"`];
  const folder = cacheFolder();
  const program = join(folder, `${name}-${keyOf([version, ...flags], source)}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  // Two runs may compile the same program. Each writes its own file, and the last one renamed stays.
  const unfinished = `${program}.${process.pid}`;
  const { status, stderr } = spawnSync(COMPILER, [...flags, '-o', unfinished, PROGRAM], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${COMPILER} does not compile ${name}: ${stderr.split('\n')[0]}`);
  renameSync(unfinished, program);
  return program;
}
