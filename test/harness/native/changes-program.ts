// Compiles changes.c with a strategy, and runs it on cases.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FLAGS, SOURCES } from '../../../harness/native/compile.js';
import type { PointerBytes } from '../../../machine/layout.js';
import { describeHost } from '../../../workloads/stream/operation-text.js';
import { type Case, REPLAYS } from './records.js';

const runFile = promisify(execFile);

/** Every finding of a sanitizer ends the program. The memory lies outside of the address sanitizer's own range. */
const SANITIZERS = [
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
  '-DMEMORY_BASE=0x400000000000',
];

/** A refusal ends a program with 1, and a sanitizer ends it with another number. */
const SANITIZER_OPTIONS = { ASAN_OPTIONS: 'detect_leaks=0:exitcode=99', UBSAN_OPTIONS: 'exitcode=99' };

/** What a case's file of records is called in `folder`. */
const fileOf = (folder: string, index: number, kind: string): string => join(folder, `${index}.${kind}`);

/** Whether a program can have the memory at its base. */
const PROBE = `#include <sys/mman.h>
int main(void)
{
	void *base = (void *)MEMORY_BASE;

	return mmap(base, 1 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != base;
}
`;

/** The flags of the sanitizers, if this machine has them; otherwise none. */
export function sanitizersIn(folder: string): readonly string[] {
  const source = join(folder, 'probe.c');
  const program = join(folder, 'probe');
  writeFileSync(source, PROBE);
  const words = [...FLAGS, ...SANITIZERS, '-o', program, source];
  const works = spawnSync('cc', words).status === 0 && spawnSync(program).status === 0;
  return works ? SANITIZERS : [];
}

/**
 * Compiles a strategy in C with changes.c.
 *
 * @param sources - The project's root, or a folder with a copy of its C.
 */
export async function compileChanges(
  program: string,
  strategyId: string,
  pointerBytes: PointerBytes,
  flags: readonly string[],
  sources = SOURCES,
): Promise<void> {
  await runFile('cc', [
    ...FLAGS,
    '-O1',
    '-g1',
    '-Wall',
    '-Wextra',
    '-Werror',
    // It needs only a part of replay.h.
    '-Wno-unused',
    ...flags,
    `-DREPLAYS=${REPLAYS}`,
    `-DPOINTER_BYTES=${pointerBytes}`,
    `-DSTRATEGY="${join(sources, 'strategies', `${strategyId}.c`)}"`,
    '-o',
    program,
    join(sources, 'test/harness/native/changes.c'),
  ]);
}

/** What a program wrote. */
export interface Written {
  /** The records of each case. */
  readonly records: readonly Int32Array[];
  /** What a sanitizer found, and which cases crashed. */
  readonly complaints: string;
}

/** Runs a program of {@link compileChanges}. */
export async function runChanges(program: string, folder: string, cases: readonly Case[]): Promise<Written> {
  const words = cases.flatMap(({ host, stream }, index) => {
    writeFileSync(fileOf(folder, index, 'stream'), stream.words);
    return [
      ...describeHost(host).split(' ').filter(Boolean),
      fileOf(folder, index, 'stream'),
      fileOf(folder, index, 'records'),
    ];
  });
  const { stderr } = await runFile(program, words, { env: { ...process.env, ...SANITIZER_OPTIONS } });
  const records = cases.map((_, index) => {
    const { buffer, byteOffset, byteLength } = readFileSync(fileOf(folder, index, 'records'));
    rmSync(fileOf(folder, index, 'records'));
    return new Int32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  });
  return { records, complaints: stderr };
}
