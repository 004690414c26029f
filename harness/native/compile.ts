// Compiles the strategies in C on first use, if there is a C compiler, and keeps the programs in the user's cache.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { PointerBytes } from '../../machine/layout.js';
import { beforeExit } from '../process/before-exit.js';
import { runSystemTool } from '../process/system-tool.js';

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

/** Looks for the C compiler. @returns The first line of its --version, or why there is none. */
export async function nativeCompiler() {
  const { stdout, failure } = await runSystemTool(COMPILER, ['--version']);
  const version = stdout.split('\n')[0] ?? '';
  if (failure !== null) return { version: null, reason: `no C compiler: ${COMPILER} ${failure}` };
  if (version === '') return { version: null, reason: `no C compiler: ${COMPILER} --version says nothing` };
  return { version, reason: null };
}

/** The compiler's version and flags; null without a compiler. */
export async function describeCompiler(): Promise<string | null> {
  const { version } = await nativeCompiler();
  return version === null ? null : `${version}; ${FLAGS.join(' ')}`;
}

/**
 * The folder for programs in the user's cache, which nobody else may write to. A relative XDG_CACHE_HOME is ignored (XDG
 * Base Directory Specification).
 *
 * @throws Error if others can write to it.
 */
function cacheFolder(): string {
  const { XDG_CACHE_HOME: home = '' } = process.env;
  const folder = join(isAbsolute(home) ? home : join(homedir(), '.cache'), 'gatag-bench');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
    throw new Error(`${folder}: others can write to it, so no program is run from there; remove it`);
  }
  return folder;
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
export function compileNative(strategyId: string, pointerBytes: PointerBytes): Promise<string | null> {
  return compileSource(strategyId, `strategies/${strategyId}.c`, [`-DPOINTER_BYTES=${pointerBytes}`]);
}

/** The status of a program that is given no stream. */
const USAGE_STATUS = 2;

/** Whether a program runs here. One of an interrupted machine can be empty; a cache can be mounted noexec. */
async function runs(program: string): Promise<boolean> {
  const { status } = await runSystemTool(program, []);
  return status === USAGE_STATUS;
}

/**
 * Compiles the program around a strategy, unless it is in the cache and runs.
 *
 * @param name - Of the program.
 * @param source - Path of the strategy in the project.
 * @returns Path of the program; null without a compiler.
 * @throws Error if the compiler fails, or if its program does not run.
 */
export async function compileSource(name: string, source: string, defines: readonly string[]) {
  const { version } = await nativeCompiler();
  if (version === null) return null;
  // The path is seen from the program's source.
  const flags = [...FLAGS, ...defines, `-DSTRATEGY="../../${source}"`];
  const program = join(cacheFolder(), `${name}-${keyOf([version, ...flags], source)}`);
  if (existsSync(program) && (await runs(program))) return program;
  // Two runs may compile the same program. Each writes its own file, and the last one renamed stays.
  const unfinished = `${program}.${process.pid}`;
  const remove = beforeExit(() => rmSync(unfinished, { force: true }));
  try {
    const { failure } = await runSystemTool(COMPILER, [...flags, '-o', unfinished, PROGRAM]);
    if (failure !== null) throw new Error(`${COMPILER} does not compile ${name}: it ${failure}`);
    renameSync(unfinished, program);
  } finally {
    remove();
  }
  if (!(await runs(program))) throw new Error(`${program}: what ${COMPILER} has made does not run`);
  return program;
}
