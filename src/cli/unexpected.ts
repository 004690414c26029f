// What of a run makes the command line end with the status of something unexpected.
import { compareCell } from '../harness/comparison.js';
import { LANES, type Results } from '../harness/results.js';
import { threadedLanes } from '../reports/contention/throughput.js';
import { isExpected } from './verify-report.js';

/** Whether a run has a finding outside the declared limits, or a timing that counts for nothing. */
export function hasUnexpected(results: Results): boolean {
  return (
    results.cells.some(
      (cell) =>
        !cell.checks.every(isExpected) ||
        LANES.some((lane) => compareCell(results, cell, results.run.baseline, lane).void.length > 0),
    ) ||
    !(results.contention?.checks ?? []).every(isExpected) ||
    threadedLanes(results).some((lane) => lane.void.length > 0)
  );
}
