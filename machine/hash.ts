// The kernel's multiplicative hash (include/linux/hash.h). It takes the top bits of the product. The multiplier
// decides how well the low bits of a key spread, and it changed in v4.7.

/** The multipliers: `v4.7` since that kernel, `v4.6` up to that kernel. */
export const HASH_MULTIPLIERS = { 'v4.7': 0x61c88647, 'v4.6': 0x9e370001 } as const;

/** The kernel whose multiplier a host uses. */
export type HashVersion = keyof typeof HASH_MULTIPLIERS;

/** Maps an int32 key to a bucket below 2^bits; `bits` is 1 to 32. */
export type Hash32 = (key: number, bits: number) => number;

/** `hash_32()` with the multiplier of a kernel version. */
export function hash32With(version: HashVersion): Hash32 {
  const multiplier = HASH_MULTIPLIERS[version];
  return (key, bits) => Math.imul(key, multiplier) >>> (32 - bits);
}
