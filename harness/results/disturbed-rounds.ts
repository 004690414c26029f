// Rounds that were taken once more because a process was stopped or starved in them.
import type { Cell, Results } from './results.js';

/** Counts of rounds; in a round every process of a cell is timed once. */
export interface DisturbedRounds {
  readonly rounds: number;
  /** Taken once more by all processes, because at least one was disturbed. */
  readonly takenAgain: number;
  /** Disturbed again the second time. */
  readonly standing: number;
}

/** The cells of a run: its workloads, the hosts of sweeps and of the decomposition that were timed, and other hosts. */
export function allCells({ cells, sweeps, decomposition, otherHosts }: Results): Cell[] {
  return [
    ...cells,
    ...sweeps.flatMap(({ cell }) => cell ?? []),
    ...decomposition.map(({ cell }) => cell),
    ...otherHosts.flatMap((other) => other.cells),
  ];
}

/** Counts the disturbed rounds of cells. */
export function countDisturbed({ run }: Pick<Results, 'run'>, cells: readonly Cell[]): DisturbedRounds {
  const total = { rounds: 0, takenAgain: 0, standing: 0 };
  for (const { timing } of cells) {
    const roundsIn = (list: 'disturbed' | 'standing'): number =>
      new Set(timing.series.flatMap((one) => one[list].map(({ round }) => `${one.processNumber} ${round}`)))
        .size;
    total.rounds += timing.processes * run.rounds;
    total.takenAgain += roundsIn('disturbed');
    total.standing += roundsIn('standing');
  }
  return total;
}
