// The scratch folder of a run: streams and jobs for the children.
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError, writingFailed } from '../../machine/usage-error.js';
import type { Undone } from '../results/results.js';
import { beforeExit } from './before-exit.js';

/** @throws UsageError that names the folder for temporary files. */
function refuse(path: string, error: unknown): never {
  throw writingFailed(path, error, ' (TMPDIR says where temporary files go)');
}

/** Writes a file, the whole or nothing. */
export async function writeWhole(path: string, content: string | Int32Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/** Writes a file in a scratch folder. @throws UsageError if it cannot be written. */
export async function writeScratch(directory: string, name: string, content: string | Int32Array) {
  const path = join(directory, name);
  await writeWhole(path, content).catch((error) => refuse(directory, error));
  return path;
}

/** Writes a stream's words in a scratch folder. @throws UsageError if they cannot be written. */
export function writeStream(directory: string, name: string, words: Int32Array): Promise<string> {
  return writeScratch(directory, `${name}.stream`, words);
}

/** Gives `work` a folder and removes it afterwards, on every way out. */
export async function withScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'gatag-bench-')).catch((error) => refuse(tmpdir(), error));
  const remove = beforeExit(() => rmSync(directory, { recursive: true, force: true }));
  try {
    return await work(directory);
  } finally {
    remove();
  }
}

/** What strategies could not do since a file could not be written. Any other error is thrown. */
export function unwritten(
  error: unknown,
  strategies: readonly { readonly strategy: { readonly id: string } }[],
  work: Pick<Undone, 'where' | 'what'>,
): Undone[] {
  if (!(error instanceof UsageError)) throw error;
  return strategies.map(({ strategy: { id } }) => ({ strategy: id, ...work, reason: error.message }));
}
