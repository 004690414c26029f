// What was asked for and could not be done, in words.
import type { Undone } from '../../harness/results/results.js';

/** A line for each reason: who could not be judged, counted or timed where, and why. */
export function undoneLines(undone: readonly Undone[]): string[] {
  const byReason = grouped(undone, ({ what, reason }) => `not ${what}: ${reason}`);
  return [...byReason].map(([reason, all]) => {
    const places = [...grouped(all, ({ where }) => where)].map(([where, some]) => {
      const ids = [...new Set(some.map(({ strategy }) => strategy))];
      return `${ids.join(', ')} on ${where}`;
    });
    return `${places.join('; ')}: ${reason}`;
  });
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
