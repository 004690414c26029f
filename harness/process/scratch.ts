// The scratch folder of a run: streams and jobs for the children.
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writingFailed } from '../../machine/usage-error.js';
import { killChildren } from './child.js';

/** @throws UsageError that names the folder for temporary files. */
function refuse(path: string, error: unknown): never {
  throw writingFailed(path, error, ' (TMPDIR says where temporary files go)');
}

/** Writes a file in a scratch folder. @throws UsageError if it cannot be written. */
export async function writeScratch(
  directory: string,
  name: string,
  content: string | Uint8Array,
): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content).catch((error) => refuse(directory, error));
  return path;
}

/** Writes a stream's words. @throws UsageError if they cannot be written. */
export function writeStream(directory: string, name: string, words: Int32Array): Promise<string> {
  const { buffer, byteOffset, byteLength } = words;
  return writeScratch(directory, `${name}.stream`, new Uint8Array(buffer, byteOffset, byteLength));
}

/** Gives `work` a folder and removes it afterwards, also when the process is told to end. */
export async function withScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'gatag-bench-')).catch((error) => refuse(tmpdir(), error));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const onSignal = (signal: NodeJS.Signals): void => {
    killChildren();
    remove();
    process.exit(128 + constants.signals[signal]);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work(directory);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    remove();
  }
}
