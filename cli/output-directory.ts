// The folder of a run's files: bench-results/<UTC time>/. bench-results/latest points at the newest.
import { existsSync, rmdirSync } from 'node:fs';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError, writingFailed } from '../machine/usage-error.js';

const RESULTS_FOLDER = 'bench-results';

/** A run's folder. It is made before the run, so that a long run does not fail at its end. */
export interface OutputDirectory {
  readonly path: string;
  /** Points `latest` at the folder, unless the user chose another place. */
  publish(): Promise<void>;
}

/** Makes a new folder with the time as its name. A second run in the same second gets a number. */
async function makeTimed(): Promise<string> {
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  await mkdir(RESULTS_FOLDER, { recursive: true });
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

/** Replaces the link in one step, so that it always points at a folder. */
async function linkLatest(path: string): Promise<void> {
  const link = join(dirname(path), 'latest');
  const temporary = `${link}.${process.pid}`;
  await symlink(basename(path), temporary);
  await rename(temporary, link);
}

/** Removes the folder if nothing was written to it. */
function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It holds results.
  }
}

/**
 * Makes the folder for a run. If nothing is written to it, it goes away when the process ends.
 *
 * @param out - The folder that the user asked for; undefined for the usual place.
 * @throws UsageError if it cannot be made or already holds results.
 */
export async function makeOutputDirectory(out: string | undefined): Promise<OutputDirectory> {
  if (out !== undefined && existsSync(join(out, 'results.json'))) {
    throw new UsageError(`${out}: holds results already; choose another --out, so that nothing is lost`);
  }
  try {
    if (out !== undefined) await mkdir(out, { recursive: true });
    const path = out ?? (await makeTimed());
    process.on('exit', () => removeIfEmpty(path));
    return {
      path,
      publish: async () => {
        if (out === undefined) await linkLatest(path);
      },
    };
  } catch (error) {
    throw writingFailed(out ?? RESULTS_FOLDER, error);
  }
}
