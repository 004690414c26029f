// The folder of a run's files: bench-results/<UTC time>/. bench-results/latest points at the newest.
import { existsSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { beforeExit } from '../harness/process/before-exit.js';
import { UsageError, writingFailed } from '../machine/usage-error.js';
import { warn } from './command.js';

const RESULTS_FOLDER = 'bench-results';

/** The file that a run holds while it runs, so that no other run writes to the folder. */
const CLAIM = 'run.lock';

/** Makes a new folder with the time as its name. A second run in the same second gets a number. */
async function makeTimed(): Promise<string> {
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  for (let number = 1; ; number++) {
    const path = join(RESULTS_FOLDER, number === 1 ? time : `${time}.${number}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Removes a folder and those that it is in, as far as they are empty. @param first - The outermost one. */
function removeFolders(path: string, first: string): void {
  for (let at = resolve(path); at.startsWith(resolve(first)); at = dirname(at)) rmdirSync(at);
}

/** Replaces the link in one step, so that it always points at a folder. If that fails, a line says so. */
async function linkLatest(path: string): Promise<void> {
  const link = join(dirname(path), 'latest');
  const temporary = `${link}.${process.pid}`;
  try {
    await rm(temporary, { force: true });
    await symlink(basename(path), temporary);
    await rename(temporary, link);
  } catch (error) {
    await rm(temporary, { force: true });
    warn(`warning: ${link} still points elsewhere: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Claims a folder for this run, which also tries whether it can be written. */
function claim(path: string): void {
  const file = join(path, CLAIM);
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new UsageError(`${path}: another run writes there; if none does, remove ${file}`);
    }
    rmSync(file, { force: true });
    throw error;
  }
  beforeExit(() => rmSync(file, { force: true }));
  if (!existsSync(join(path, 'results.json'))) return;
  throw new UsageError(`${path}: holds results already; choose another --out, so that nothing is lost`);
}

/**
 * Makes the folder for a run. It is made, claimed and tried before the run, so that a long run does not fail at its end.
 * Folders that were made go away when the process ends, if they are empty.
 *
 * @param out - The folder that the user asked for; undefined for the usual place.
 * @throws UsageError if it cannot be made or written, holds results, or belongs to another run.
 */
export async function makeOutputDirectory(out: string | undefined) {
  const parent = out ?? RESULTS_FOLDER;
  try {
    const first = await mkdir(parent, { recursive: true });
    if (first !== undefined) beforeExit(() => removeFolders(parent, first));
    const path = out ?? (await makeTimed());
    if (out === undefined) beforeExit(() => rmdirSync(path));
    claim(path);
    return outputDirectory(path, out === undefined);
  } catch (error) {
    throw writingFailed(parent, error);
  }
}

function outputDirectory(path: string, isUsualPlace: boolean) {
  let failure: UsageError | null = null;
  /** The temporary folder, once there is something in it. */
  let other: string | null = null;
  return {
    path,
    /** Has files written to the folder that `write` is given: this one or, if that fails, a temporary one. */
    async save(write: (folder: string) => Promise<unknown>): Promise<void> {
      try {
        await write(other ?? path);
      } catch (error) {
        const failed = writingFailed(other ?? path, error);
        if (!(failed instanceof UsageError)) throw failed;
        failure ??= failed;
        other ??= await inTemporaryFolder(write);
      }
    },
    /**
     * Points `latest` at the folder, unless the user chose another place.
     *
     * @throws UsageError if not all was saved here; the message says where the rest is.
     */
    async publish(): Promise<void> {
      if (failure !== null) {
        throw other === null
          ? failure
          : new UsageError(`${failure.message}; what is missing there is in ${other}`);
      }
      if (isUsualPlace) await linkLatest(path);
    },
  };
}

/** Writes to a new temporary folder. @returns The folder; null if that fails too. */
async function inTemporaryFolder(write: (folder: string) => Promise<unknown>): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'gatag-bench-results-')).catch(() => null);
  if (folder === null) return null;
  try {
    await write(folder);
    return folder;
  } catch {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
}
