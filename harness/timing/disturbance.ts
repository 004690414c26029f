// Rounds in which a process did not get to work: it was stopped or starved, or the machine was suspended. They are looked
// for by clocks alone, and never by how long a batch took.
import { DISTURBED_CLOCK_MS, DISTURBED_WAIT_MS, DISTURBED_WAIT_PART } from '../method.js';
import type { Series } from '../results/results.js';

/** What the clocks said of a process's round. */
export type RoundClocks = Omit<Series['standing'][number], 'round'>;

/** Whether a process was disturbed in a round. */
export function isDisturbed({ roundNs, cpuNs, clockMs }: RoundClocks): boolean {
  const waitNs = roundNs - cpuNs;
  return (
    waitNs > 1e6 * DISTURBED_WAIT_MS + DISTURBED_WAIT_PART * roundNs || Math.abs(clockMs) > DISTURBED_CLOCK_MS
  );
}
