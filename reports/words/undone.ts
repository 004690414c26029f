// What a run was asked for and could not do, in words.
import type { Undone } from '../../harness/results/results.js';

/** One line for each reason: the strategies, the places, and why they were not judged, counted or timed. */
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
