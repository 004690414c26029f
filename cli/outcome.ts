// Whether a run counts as failed.
import { DECOMPOSITION } from '../harness/method.js';
import { compareCell, isCountable } from '../harness/results/comparison.js';
import { runsOnOtherHosts } from '../harness/results/other-hosts.js';
import { type Cell, type Check, LANES, type Results } from '../harness/results/results.js';
import { SINGLE_UPDATES_PLACE, voidSingleUpdates } from '../harness/results/single-updates.js';
import { threadedLanes } from '../reports/figures/contention-throughput.js';
import { isExpected } from './verify-report.js';

/**
 * Whether a run has an unexpected failure, or a timing that is void although the machine did not prevent it: the process
 * ended with wrong entries, or the strategy ended it.
 */
export function hasFailure(results: Results): boolean {
  if (runsOnOtherHosts(results).some(hasFailure)) return true;
  const { contention } = results;
  const isExplained = (where: string, checks: readonly Check[], strategy: string): boolean =>
    results.undone.some((undone) => undone.strategy === strategy && undone.where === where) ||
    // The check says why the strategy could not be timed, and whether that is a known limitation.
    checks.some((check) => check.strategy === strategy && !isCountable(check));
  const isFailed = (cell: Cell, strategies = results.strategies): boolean =>
    !cell.checks.every(isExpected) ||
    LANES.flatMap(
      (lane) => compareCell({ ...results, strategies }, cell, results.run.baseline, lane).void,
    ).some(({ strategy }) => !isExplained(cell.workload, cell.checks, strategy));
  const decomposed = results.strategies.filter(({ id }) =>
    DECOMPOSITION.strategies.some((own) => own === id),
  );
  return (
    results.cells.some((cell) => isFailed(cell)) ||
    results.decomposition.some(({ cell }) => isFailed(cell, decomposed)) ||
    voidSingleUpdates(results).some(({ strategy }) => !isExplained(SINGLE_UPDATES_PLACE, [], strategy)) ||
    !(contention?.checks ?? []).every(isExpected) ||
    threadedLanes(results)
      .flatMap((lane) => lane.void)
      .some(({ strategy }) => !isExplained(contention?.workload.id ?? '', contention?.checks ?? [], strategy))
  );
}
