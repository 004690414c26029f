import { createHash } from 'node:crypto';
import { GA_LOG_INTR, GUEST_MODE, IRTE_WORDS } from '../../machine/irte.js';

/** FNV-1a's offset and prime. The prime also folds each delivery and each wakeup into its checksum. */
export const FNV_OFFSET = 0x811c9dc5;
export const FNV_PRIME = 0x01000193;

/** Offset and prime of a second fold; the prime is the first of xxHash's. */
export const SECOND_OFFSET = 1;
export const SECOND_PRIME = 0x9e3779b1;

/** Bits by which a fold is shifted onto itself. A product spreads bits only upwards, and bit 31 not at all. */
export const FOLD_SHIFT = 15;

/**
 * Digest of words that a C program can compute without a library: two folds, each FNV-1a over words instead of bytes,
 * with a shift. A change of one word changes both folds, since each step is a bijection of the fold before it.
 */
export function memoryDigest(parts: Iterable<Int32Array>): string {
  let first = FNV_OFFSET;
  let second = SECOND_OFFSET;
  for (const words of parts) {
    for (let index = 0; index < words.length; index++) {
      const word = words[index] as number;
      first = Math.imul(first ^ word, FNV_PRIME);
      first ^= first >>> FOLD_SHIFT;
      second = Math.imul(second ^ word, SECOND_PRIME);
      second ^= second >>> FOLD_SHIFT;
    }
  }
  return [first, second].map((fold) => (fold >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Words copied at a time, a multiple of an entry. The entries of a large host take half a gigabyte. */
const PART_WORDS = 1 << 16;

/** Copies of words, part by part. */
function* inParts(words: Int32Array, copy: (part: Int32Array) => Int32Array): Generator<Int32Array> {
  for (let start = 0; start < words.length; start += PART_WORDS) {
    yield copy(words.subarray(start, start + PART_WORDS));
  }
}

/** Digest of words: the first 64 bits of SHA-256, in hexadecimal. */
export function digestOf(words: Int32Array): string {
  return digestOfCopies(inParts(words, (part) => part.slice()));
}

/** {@link memoryDigest} of IRTEs with their tags ranked, and of checksums. */
export function digestOfRanked(irtes: Int32Array, checksums: Int32Array): string {
  return memoryDigest(rankedParts(irtes, checksums));
}

function* rankedParts(irtes: Int32Array, checksums: Int32Array): Generator<Int32Array> {
  const ranks = new Map<number, number>();
  yield* inParts(irtes, (part) => rankTags(part, ranks));
  yield checksums;
}

/** Digest of IRTEs without the fields in which designs may differ. */
export function digestOfMasked(irtes: Int32Array): string {
  return digestOfCopies(inParts(irtes, maskIrtes));
}

/** Digest of copies: the hash function accepts no view of shared memory. */
function digestOfCopies(parts: Iterable<Int32Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Copies IRTEs with each tag replaced by its rank, 1 for the first tag. Ranks keep which entries share a tag, but not
 * the address or counter that a design uses as a tag.
 *
 * @param ranks - The ranks of tags in earlier entries; new tags are added.
 */
export function rankTags(irtes: Int32Array, ranks: Map<number, number> = new Map()): Int32Array {
  return guestEntriesEdited(irtes, (ranked, entry) => {
    const tag = ranked[entry + 1] as number;
    const rank = ranks.get(tag) ?? ranks.size + 1;
    ranks.set(tag, rank);
    ranked[entry + 1] = rank;
  });
}

/** Copies IRTEs without the fields in which designs may differ: tag and ga_log_intr of guest-mode entries are 0. */
export function maskIrtes(irtes: Int32Array): Int32Array {
  return guestEntriesEdited(irtes, (masked, entry) => {
    masked[entry] = (masked[entry] as number) & ~GA_LOG_INTR;
    masked[entry + 1] = 0;
  });
}

/** Copies IRTEs. @param edit - Called with the copy and the place of each entry in guest mode. */
function guestEntriesEdited(irtes: Int32Array, edit: (copy: Int32Array, entry: number) => void): Int32Array {
  const copy = irtes.slice();
  for (let entry = 0; entry < copy.length; entry += IRTE_WORDS) {
    if (((copy[entry] as number) & GUEST_MODE) !== 0) edit(copy, entry);
  }
  return copy;
}
