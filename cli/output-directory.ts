// Where a run's files go: bench-results/<UTC time>/, with bench-results/latest pointing at the newest.
import { existsSync, rmdirSync } from 'node:fs';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError, writingFailed } from '../machine/usage-error.js';

const RESULTS_FOLDER = 'bench-results';

/** A run's folder, made before the run so that a long run does not end with nowhere to write. */
export interface OutputDirectory {
  readonly path: string;
  /** Points `latest` at the folder, where it has one. */
  publish(): Promise<void>;
}

/** Makes a new folder, named by the time; a second run in the same second gets a number. */
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

/** Replaces the link in one step, so that it never points nowhere. */
async function linkLatest(path: string): Promise<void> {
  const link = join(dirname(path), 'latest');
  const temporary = `${link}.${process.pid}`;
  await symlink(basename(path), temporary);
  await rename(temporary, link);
}

/** Leaves no empty folder behind, however the process ends. */
function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It holds a report.
  }
}

/**
 * Makes the folder for a run; it goes away with the process if nothing was written to it.
 *
 * @param out - The folder that the user asked for; undefined for the usual place.
 * @throws UsageError if it cannot be made, or holds results already.
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
