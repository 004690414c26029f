// The results on another host than the run's own, in the form of a whole run.
import type { Results } from './results.js';

/** The runs on other hosts, in the order of the results. */
export function runsOnOtherHosts(results: Results): Results[] {
  return results.otherHosts.map((other) => ({
    ...results,
    ...other,
    code: [],
    sweeps: [],
    contention: null,
    singleUpdates: { reason: 'they are timed on the own host of the run', chain: null, points: [] },
    otherHosts: [],
  }));
}

/** The parameters in which the host of a run differs from another one: "pointerBytes=4". */
export function hostDifference(run: Pick<Results, 'host'>, other: Pick<Results, 'host'>): string {
  return Object.entries(run.host)
    .filter(([key, value]) => other.host[key as keyof Results['host']] !== value)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
