// Ranks from comparisons of pairs. A tie is told as a tie: no strategy is first by a point estimate.
import type { Results } from './results.js';
import { compareFamily, meanOf } from './statistics.js';

/** A strategy in a ranking. */
export interface Ranked {
  readonly strategy: string;
  /** 1 + the number of strategies that are shown to be faster. */
  readonly rank: number;
  /** Whether none is shown to be slower. */
  readonly isLast: boolean;
}

/** All ranked strategies, in the order in which they were given. */
export type Ranking = readonly Ranked[];

/**
 * Ranks strategies by all of their pairs, which are one family of Holm's. Two strategies that cannot be told apart, or
 * differ by less than the band, do not count against each other: they share a rank, unless a third is told apart from only
 * one of them.
 *
 * @param ids - In the order of the debate.
 * @param ratiosOf - ln(one / other) of each process, as the report shows for this pair.
 * @returns Null if a pair has too few processes for a verdict, or none.
 */
export function rank(
  ids: readonly string[],
  ratiosOf: (one: string, other: string) => readonly number[],
  { band, confidence }: Pick<Results['run'], 'band' | 'confidence'>,
): Ranking | null {
  const pairs = ids.flatMap((one, index) => ids.slice(index + 1).map((other) => ({ one, other })));
  const logs = pairs.map(({ one, other }) => ratiosOf(one, other));
  if (logs.some(({ length }) => length === 0)) return null;
  const compared = compareFamily(logs.map(meanOf), band, confidence);
  if (compared.some(({ verdict }) => verdict === null)) return null;
  const told = compared.flatMap(({ verdict }, index) => {
    const { one, other } = pairs[index] as (typeof pairs)[number];
    if (verdict === 'faster') return [{ faster: one, slower: other }];
    return verdict === 'slower' ? [{ faster: other, slower: one }] : [];
  });
  return ids.map((strategy) => ({
    strategy,
    rank: 1 + told.filter(({ slower }) => slower === strategy).length,
    isLast: told.every(({ faster }) => faster !== strategy),
  }));
}
