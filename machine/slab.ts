// Slabs of fixed-size objects, and kmalloc's size classes built on them. The free list runs through the free
// objects' first words, as in SLUB. No lock: the kernel's fast path has none either (per-CPU lists).
import { type Address, type Memory, NULL, WORD_BYTES } from './memory.js';
import { randomFrom } from './random.js';

/** Where a slab's next object lies: the next in order, or anywhere, as on a host that has run for long. */
export type HeapPlacement = 'packed' | 'scattered';

/** Bytes that a slab takes from the host at a time: one page where packed. */
const PACKED_CHUNK_BYTES = 4096;

/**
 * Bytes of a chunk whose objects are handed out in random order: 128 pages, so that neighbours in a list share
 * neither a line nor a page, and a few such chunks are more than an L2 cache.
 */
const SCATTERED_CHUNK_BYTES = 1 << 19;

/** Sizes of kmalloc's caches up to one page, in bytes (mm/slab_common.c); powers of two above. */
const KMALLOC_CLASSES = [8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096];

/** The size in bytes of the object that kmalloc(bytes) hands out. */
export function kmallocSize(bytes: number): number {
  const size = KMALLOC_CLASSES.find((candidate) => candidate >= bytes);
  return size ?? 2 ** Math.ceil(Math.log2(bytes));
}

/** Objects of one size. */
export interface KmemCache {
  /** A zeroed object. */
  alloc(): Address;
  /** Takes an object back. */
  free(address: Address): void;
}

/** kmalloc on one memory. */
export interface Kmalloc {
  /**
   * The cache that serves objects of `bytes` bytes; a C compiler finds it at compile time for a constant.
   *
   * @param struct - What the objects are, for a heap that tells of them.
   */
  cacheFor(bytes: number, struct?: string): KmemCache;
  /** Objects handed out and not taken back, by size class in bytes. */
  live(): Map<number, number>;
}

/** Words of a slab's own record in memory: head of the free list, objects handed out. */
const FREE_LIST = 0;
const LIVE = 1;
const RECORD_WORDS = 2;

/**
 * kmalloc with the given placement.
 *
 * @param seed - Decides the order of a scattered slab; the same seed gives the same addresses.
 */
export function kmallocIn(memory: Memory, placement: HeapPlacement, seed: number): Kmalloc {
  const caches = new Map<number, KmemCache>();
  const records = new Map<number, Address>();
  const random = randomFrom(seed);

  /** Adds a chunk to the free list, so that its objects come out in the chosen order. */
  function grow(record: Address, size: number): void {
    const chunkBytes = placement === 'packed' ? PACKED_CHUNK_BYTES : SCATTERED_CHUNK_BYTES;
    const count = Math.max(1, Math.floor(chunkBytes / size));
    const words = size / WORD_BYTES;
    const page = memory.reserve(count * words, PACKED_CHUNK_BYTES / WORD_BYTES);
    const order = placement === 'scattered' ? random.permutation(count) : null;
    let next: Address = NULL;
    for (let index = count - 1; index >= 0; index--) {
      const object = page + (order === null ? index : (order[index] as number)) * words;
      // Past store(): that a slab was due is not the work of the operation that met it.
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
