import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded source of random choices. */
export interface Random {
  /** An integer from 0 to `end` - 1. */
  below(end: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
  /** The integers from 0 to `count` - 1 in random order (Fisher-Yates). */
  permutation(count: number): Uint32Array;
}

/** Makes a source; the same seed gives the same choices. */
export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const below = (end: number): number => uniformInt(generator, 0, end - 1);
  return {
    below,
    chance: (probability) => below(1 << 20) < probability * (1 << 20),
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    permutation(count) {
      const order = Uint32Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last--) {
        const other = below(last + 1);
        const swapped = order[last] as number;
        order[last] = order[other] as number;
        order[other] = swapped;
      }
      return order;
    },
  };
}
