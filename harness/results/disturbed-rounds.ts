// Rounds that were taken once more because a process was stopped or starved in them.
import { sum } from 'simple-statistics';
import type { Cell, Results } from './results.js';

/** The cells of a run: its workloads, the hosts of sweeps and of the decomposition that were timed, and other hosts. */
export function allCells({ cells, sweeps, decomposition, otherHosts }: Results): Cell[] {
  return [
    ...cells,
    ...sweeps.flatMap(({ cell }) => cell ?? []),
    ...decomposition.map(({ cell }) => cell),
    ...otherHosts.flatMap((other) => other.cells),
  ];
}

/**
 * Counts the rounds of cells. In a round every process of a cell is timed once. It is taken once more by all processes if at
 * least one was disturbed, and stands if one is disturbed again the second time.
 */
export function countDisturbed({ run }: Pick<Results, 'run'>, cells: readonly Cell[]) {
  const roundsIn = (list: 'disturbed' | 'standing', { timing }: Cell): number =>
    new Set(timing.series.flatMap((one) => one[list].map(({ round }) => `${one.processNumber} ${round}`)))
      .size;
  return {
    rounds: run.rounds * sum(cells.map(({ timing }) => timing.processes)),
    takenAgain: sum(cells.map((cell) => roundsIn('disturbed', cell))),
    standing: sum(cells.map((cell) => roundsIn('standing', cell))),
  };
}
