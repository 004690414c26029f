// Whether a run counts as failed.
import { compareCell, isCountable } from '../harness/results/comparison.js';
import { runsOnOtherHosts } from '../harness/results/other-hosts.js';
import { type Check, LANES, type Results } from '../harness/results/results.js';
import { threadedLanes } from '../reports/figures/contention-throughput.js';
import { isExpected } from './verify-report.js';

/** A void timing and its reason. */
interface Void {
  readonly strategy: string;
  readonly reason: string;
}

/**
 * Whether a run has an unexpected failure, or a timing that is void although the machine did not prevent it: the process
 * ended with wrong entries, or the strategy ended it.
 */
export function hasFailure({ contention, ...results }: Results): boolean {
  if (runsOnOtherHosts({ ...results, contention }).some(hasFailure)) return true;
  const whole = { ...results, contention };
  const isExplained = (where: string, checks: readonly Check[], { strategy }: Void): boolean =>
    results.undone.some((undone) => undone.strategy === strategy && undone.where === where) ||
    // The check says why the strategy could not be timed, and whether that is a known limitation.
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
