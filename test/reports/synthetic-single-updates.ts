// Single updates that no machine measured: cold ones take longer, and a hash takes longer than a list.
import { SINGLE_UPDATES } from '../../harness/method.js';
import type { SingleTimes, SingleUpdates } from '../../harness/results/results.js';

const HOT_NS = 25;
const COLD_NS = 600;

/** @param baseline - Takes part twice. @param processes - Of each strategy. */
export function syntheticSingleUpdates(
  strategies: readonly string[],
  baseline: string,
  processes: number,
): SingleUpdates {
  const members = [...strategies, baseline].map((strategy, place) => ({
    strategy,
    role: place === strategies.length ? ('twin' as const) : ('strategy' as const),
  }));
  return {
    reason: null,
    chain: { lines: 64, evictedNs: 147.2, chaseNs: 177.4, hugePages: true },
    points: SINGLE_UPDATES.points.map(({ entries }) => ({
      entries,
      strategies: members.map(({ strategy, role }, place) => ({
        strategy,
        role,
        processes: Array.from({ length: processes }, (_, processNumber) => {
          const timesOf = (ns: number): SingleTimes => {
            const slower = /hash|posted/.test(strategy) ? 2 : 1;
            const medianNs = ns * slower * entries ** 0.8 * (1 + ((7 * processNumber + 3 * place) % 5) / 200);
            return { samples: 376, medianNs, p99Ns: 1.4 * medianNs };
          };
          return {
            processNumber,
            heapSeed: 1000 * place + processNumber,
            hot: timesOf(HOT_NS),
            cold: timesOf(COLD_NS),
            digest: '0123456789abcdef',
            digestMatches: true,
            error: null,
          };
        }),
      })),
    })),
  };
}
