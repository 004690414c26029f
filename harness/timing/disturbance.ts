// Rounds in which a process did not get to work: it was stopped or starved, or the machine was suspended. They are looked
// for by clocks alone, and never by how long a batch took.
import { DISTURBED_CLOCK_MS, DISTURBED_WAIT_MS, DISTURBED_WAIT_PART } from '../method.js';
import type { Cell, Results, Series } from '../results/results.js';

/** What the clocks said of a process's round. */
export type RoundClocks = Omit<Series['standing'][number], 'round'>;

/** Whether a process was disturbed in a round. */
export function isDisturbed({ roundNs, cpuNs, clockMs }: RoundClocks): boolean {
  const waitNs = roundNs - cpuNs;
  return (
    waitNs > 1e6 * DISTURBED_WAIT_MS + DISTURBED_WAIT_PART * roundNs || Math.abs(clockMs) > DISTURBED_CLOCK_MS
  );
}

/** Rounds of whole cells: all processes of a process take one. */
export interface DisturbedRounds {
  readonly rounds: number;
  /** Taken once more by all, as one of them at least was disturbed. */
  readonly takenAgain: number;
  /** Of these, those in which one was disturbed again. */
  readonly standing: number;
}

/** The cells of a run: its workloads, and the hosts of sweeps that were timed. */
export function allCells({ cells, sweeps }: Pick<Results, 'cells' | 'sweeps'>): Cell[] {
  return [...cells, ...sweeps.flatMap(({ cell }) => (cell === null ? [] : [cell]))];
}

/** Counts the disturbed rounds of cells. */
export function countDisturbed({ run }: Pick<Results, 'run'>, cells: readonly Cell[]): DisturbedRounds {
  const total = { rounds: 0, takenAgain: 0, standing: 0 };
  for (const { timing } of cells) {
    const roundsIn = (select: (one: Series) => readonly { readonly round: number }[]): number =>
      new Set(timing.series.flatMap((one) => select(one).map(({ round }) => `${one.processNumber} ${round}`)))
        .size;
    total.rounds += timing.processes * timing.groups * run.rounds;
    total.takenAgain += roundsIn(({ disturbed }) => disturbed);
    total.standing += roundsIn(({ standing }) => standing);
  }
  return total;
}
