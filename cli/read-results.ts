import { z } from 'zod';
import { RESULTS_VERSION, resultsSchema } from '../harness/results/results.js';
import { UsageError } from '../machine/usage-error.js';
import { checked, readJson } from './json-file.js';

/** The fields that every version of the results has. */
const anyVersionSchema = z.looseObject({ schema: z.literal('gatag-bench results'), version: z.int() });

/**
 * Reads results.
 *
 * @param force - Accept a file of another version if its fields fit this one.
 * @throws UsageError that names the file, the field and the expected value.
 */
export async function readResults(file: string, force = false) {
  const value = await readJson(file, anyVersionSchema);
  if (value.version !== RESULTS_VERSION && !force) {
    throw new UsageError(
      `${file}: version: the file has version ${value.version} of the results, and ${RESULTS_VERSION} was expected`,
    );
  }
  const results = checked(file, { ...value, version: RESULTS_VERSION }, resultsSchema);
  return { results, version: value.version };
}
