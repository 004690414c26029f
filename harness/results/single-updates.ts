// Times of single updates: ns and ratios to the baseline, over processes.
import type { Results, SinglePoint, SingleProcess, SingleTimes } from './results.js';
import { meanOf, ratioInterval } from './statistics.js';

/** Where they are timed, in the place of a workload. */
export const SINGLE_UPDATES_PLACE = 'single-updates';

/** A strategy, or the A/A control, at a point. */
export type SingleComparison = ReturnType<typeof compareSingleUpdates>[number];

/** Why a process is void; null if it is valid. */
function voidReason({ processNumber, error, digestMatches }: SingleProcess): string | null {
  if (error !== null) return error;
  return digestMatches ? null : `process ${processNumber} ended with memory other than that of V8`;
}

/** The strategies with a void process, each with the reason. A process takes part in all points. */
export function voidSingleUpdates({ singleUpdates }: Results): { strategy: string; reason: string }[] {
  const [first] = singleUpdates.points;
  return (first?.strategies ?? []).flatMap(({ strategy, processes }) => {
    const reason = processes.map(voidReason).find((why) => why !== null);
    return reason === undefined || reason === null ? [] : [{ strategy, reason }];
  });
}

/**
 * Compares the valid strategies at a point, in the order of the results.
 *
 * @param caches - With which caches. @param figure - Of each process.
 */
export function compareSingleUpdates(
  { run: { baseline, confidence } }: Pick<Results, 'run'>,
  { strategies }: SinglePoint,
  caches: 'hot' | 'cold',
  figure: 'medianNs' | 'p99Ns',
) {
  const logarithmOf = (one: SingleProcess): number => Math.log((one[caches] as SingleTimes)[figure]);
  const valid = strategies
    .filter(({ processes }) => processes.every((one) => voidReason(one) === null))
    .map(({ processes, ...one }) => ({
      ...one,
      logarithms: new Map(processes.map((own) => [own.processNumber, logarithmOf(own)])),
    }));
  const base = valid.find(({ strategy, role }) => strategy === baseline && role === 'strategy');
  return valid.map(({ strategy, role, logarithms }) => {
    const differences = [...logarithms].flatMap(([number, own]) => {
      const other = base?.logarithms.get(number);
      return other === undefined ? [] : [own - other];
    });
    const isBase = strategy === baseline && role === 'strategy';
    return {
      strategy,
      role,
      // Of an update: the geometric mean over processes.
      ns: ratioInterval(meanOf([...logarithms.values()]), confidence),
      // To the baseline's, process by process; null for the baseline, or without a valid baseline.
      ratio: isBase || differences.length === 0 ? null : ratioInterval(meanOf(differences), confidence),
    };
  });
}
