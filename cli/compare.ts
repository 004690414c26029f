// gatag-bench compare
import { compareRuns, differencesBetween, haveCommon } from '../harness/results/run-comparison.js';
import { UsageError } from '../machine/usage-error.js';
import { differenceText, renderRunComparison } from '../reports/text/run-comparison.js';
import { FAILURE, print, printJson, type Words } from './command.js';
import { readResults } from './read-results.js';

/** Compares two runs. @returns The exit status. */
export async function runCompare(baseFile: string, newFile: string, { force, json }: Words): Promise<number> {
  const read = async (file: string) => ({ file, ...(await readResults(file, force)) });
  const [base, next] = [await read(baseFile), await read(newFile)];
  const differences = [
    ...(base.version === next.version ? [] : [{ field: 'version', base: base.version, next: next.version }]),
    ...differencesBetween(base.results, next.results),
  ];
  const [difference] = differences;
  if (difference !== undefined && !force) {
    const others = differences.length === 1 ? '' : `, and ${differences.length - 1} more`;
    throw new UsageError(
      `${base.file} and ${next.file} differ in ${differenceText(difference)}${others}; --force compares them all the same`,
    );
  }
  const comparison = compareRuns(base.results, next.results);
  if (!haveCommon(base.results, next.results)) {
    throw new UsageError(
      `there is nothing to compare: ${base.file} and ${next.file} have no strategy on the same workload`,
    );
  }
  if (json) printJson({ forced: differences, ...comparison });
  else print(renderRunComparison(base, next, comparison, differences));
  return comparison.regressions.length > 0 ? FAILURE : 0;
}
