// Slabs of fixed-size objects, and kmalloc's size classes on top. The free list runs through the first words of the
// free objects, as in SLUB. There is no lock, because the kernel's fast path has none either (per-CPU lists).
import { type Address, type Memory, NULL, WORD_BYTES } from './memory.js';
import { randomFrom } from './random.js';

/** Placement of a slab's next object: in order, or at random, as on a host that has run for a long time. */
export type HeapPlacement = 'packed' | 'scattered';

/** Bytes that a packed slab takes from the host at a time: one page. */
export const PACKED_CHUNK_BYTES = 4096;

/**
 * Bytes of a chunk whose objects are handed out in random order: 128 pages. So neighbours in a list rarely share a
 * line or a page, and a few chunks exceed an L2 cache.
 */
export const SCATTERED_CHUNK_BYTES = 1 << 19;

/** Sizes of kmalloc's caches up to one page, in bytes (mm/slab_common.c). Larger sizes are powers of two. */
export const KMALLOC_CLASSES = [8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096];

/** The size in bytes of the object that kmalloc(bytes) hands out. */
export function kmallocSize(bytes: number): number {
  const size = KMALLOC_CLASSES.find((candidate) => candidate >= bytes);
  return size ?? 2 ** Math.ceil(Math.log2(bytes));
}

/** Objects of one size. */
export interface KmemCache {
  /** A zeroed object. */
  alloc(): Address;
  /** Frees an object. */
  free(address: Address): void;
}

/** kmalloc on one memory. */
export interface Kmalloc {
  /**
   * The cache for objects of `bytes` bytes. For a constant size a C compiler chooses it at compile time.
   *
   * @param struct - The name of the objects' structure, for a heap that reports it.
   */
  cacheFor(bytes: number, struct?: string): KmemCache;
  /** Objects in use, by size class in bytes. */
  live(): Map<number, number>;
}

/** Words of a slab's own record in memory: the head of the free list, and the number of objects in use. */
const FREE_LIST = 0;
const LIVE = 1;
const RECORD_WORDS = 2;

/**
 * kmalloc with the given placement.
 *
 * @param seed - Determines the order of a scattered slab. The same seed gives the same addresses.
 */
export function kmallocIn(memory: Memory, placement: HeapPlacement, seed: number): Kmalloc {
  const caches = new Map<number, KmemCache>();
  const records = new Map<number, Address>();
  const random = randomFrom(seed);

  /** Fills the free list with a new chunk, whose objects come out in the chosen order. */
  function grow(record: Address, size: number): void {
    const chunkBytes = placement === 'packed' ? PACKED_CHUNK_BYTES : SCATTERED_CHUNK_BYTES;
    const count = Math.max(1, Math.floor(chunkBytes / size));
    const words = size / WORD_BYTES;
    const page = memory.reserve(count * words, PACKED_CHUNK_BYTES / WORD_BYTES);
    const order = placement === 'scattered' ? random.permutation(count) : null;
    let next: Address = NULL;
    for (let index = count - 1; index >= 0; index--) {
      const object = page + (order === null ? index : (order[index] as number)) * words;
      // This bypasses store(), because the operation that needs a new chunk must not be charged for it.
      memory.words[object] = next;
      next = object;
    }
    memory.store(record + FREE_LIST, next);
  }

  function createCache(size: number): KmemCache {
    const record = memory.reserve(RECORD_WORDS);
    records.set(size, record);
    const words = size / WORD_BYTES;
    return {
      alloc() {
        if (memory.load(record + FREE_LIST) === NULL) grow(record, size);
        const object = memory.load(record + FREE_LIST);
        memory.store(record + FREE_LIST, memory.load(object));
        memory.store(record + LIVE, memory.load(record + LIVE) + 1);
        for (let word = 0; word < words; word++) memory.store(object + word, 0);
        return object;
      },
      free(address) {
        memory.store(address, memory.load(record + FREE_LIST));
        memory.store(record + FREE_LIST, address);
        memory.store(record + LIVE, memory.load(record + LIVE) - 1);
      },
    };
  }

  return {
    cacheFor(bytes) {
      const size = kmallocSize(bytes);
      const known = caches.get(size);
      if (known !== undefined) return known;
      const cache = createCache(size);
      caches.set(size, cache);
      return cache;
    },
    live() {
      return new Map([...records].map(([size, record]) => [size, memory.load(record + LIVE)]));
    },
  };
}
