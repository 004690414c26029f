// What of a run decides the exit status of the command line.
import { compareCell, isCountable } from '../harness/results/comparison.js';
import { type Check, LANES, type Results } from '../harness/results/results.js';
import { threadedLanes } from '../reports/figures/contention-throughput.js';
import { isExpected } from './verify-report.js';

/** Something that counts for nothing, by the reason. */
interface Void {
  readonly strategy: string;
  readonly reason: string;
}

/**
 * Whether a run has a finding outside the declared limits, or a timing that counts for nothing though the machine let it be
 * made: it ended with other entries than it must, or the strategy ended its process.
 */
export function hasFailure({ contention, ...results }: Results): boolean {
  const whole = { ...results, contention };
  const isExplained = (where: string, checks: readonly Check[], { strategy }: Void): boolean =>
    results.undone.some((undone) => undone.strategy === strategy && undone.where === where) ||
    // Its check says why it could not be timed, and whether that was to be expected.
    checks.some((check) => check.strategy === strategy && !isCountable(check));
  return (
    results.cells.some(
      (cell) =>
        !cell.checks.every(isExpected) ||
        LANES.flatMap((lane) => compareCell(whole, cell, results.run.baseline, lane).void).some(
          (one) => !isExplained(cell.workload, cell.checks, one),
        ),
    ) ||
    !(contention?.checks ?? []).every(isExpected) ||
    threadedLanes(whole)
      .flatMap((lane) => lane.void)
      .some((one) => !isExplained(contention?.workload.id ?? '', contention?.checks ?? [], one))
  );
}
