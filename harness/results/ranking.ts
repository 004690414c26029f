// Ranks from comparisons of pairs. A tie is told as a tie: no strategy is first by a point estimate.
import type { Results } from './results.js';
import { compareRows, meanOf } from './statistics.js';

/** All ranked strategies, in the order in which they were given. */
export type Ranking = readonly {
  readonly strategy: string;
  /** 1 + the number of strategies that are shown to be faster. */
  readonly rank: number;
  /** Whether none is shown to be slower. */
  readonly isLast: boolean;
}[];

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
  run: Pick<Results['run'], 'band' | 'confidence'>,
): Ranking | null {
  const pairs = ids.flatMap((one, index) =>
    ids.slice(index + 1).map((other) => ({ one, other, ratios: ratiosOf(one, other) })),
  );
  if (pairs.some(({ ratios }) => ratios.length === 0)) return null;
  const compared = compareRows(pairs, ({ ratios }) => meanOf(ratios), run);
  if (compared.some(({ verdict }) => verdict === null)) return null;
  const told = compared.flatMap(({ one, other, verdict }) => {
    if (verdict === 'faster') return [{ faster: one, slower: other }];
    return verdict === 'slower' ? [{ faster: other, slower: one }] : [];
  });
  return ids.map((strategy) => ({
    strategy,
    rank: 1 + told.filter(({ slower }) => slower === strategy).length,
    isLast: told.every(({ faster }) => faster !== strategy),
  }));
}
