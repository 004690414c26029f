// Whether a run counts as failed.
import { DECOMPOSITION } from '../harness/method.js';
import { compareCell, isCountable } from '../harness/results/comparison.js';
import { runsOnOtherHosts } from '../harness/results/other-hosts.js';
import { type Cell, type Check, LANES, type Results } from '../harness/results/results.js';
import { SINGLE_UPDATES_PLACE, voidSingleUpdates } from '../harness/results/single-updates.js';
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
  const isFailed = (cell: Cell, strategies = results.strategies): boolean =>
    !cell.checks.every(isExpected) ||
    LANES.flatMap(
      (lane) => compareCell({ ...whole, strategies }, cell, results.run.baseline, lane).void,
    ).some((one) => !isExplained(cell.workload, cell.checks, one));
  const decomposed = results.strategies.filter(({ id }) =>
    DECOMPOSITION.strategies.some((own) => own === id),
  );
  return (
    results.cells.some((cell) => isFailed(cell)) ||
    results.decomposition.some(({ cell }) => isFailed(cell, decomposed)) ||
    voidSingleUpdates(whole).some((one) => !isExplained(SINGLE_UPDATES_PLACE, [], one)) ||
    !(contention?.checks ?? []).every(isExpected) ||
    threadedLanes(whole)
      .flatMap((lane) => lane.void)
      .some((one) => !isExplained(contention?.workload.id ?? '', contention?.checks ?? [], one))
  );
}
