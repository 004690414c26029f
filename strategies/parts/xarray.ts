// A simplified xarray: a tree of 64-way nodes that gives out indices in cyclic order and finds the entry of an index.
// One lock protects it. A look-up loads one slot per level; the highest index in use decides how many levels there are.
// Simplified from lib/xarray.c: no mark but the free mark, look-ups under the lock instead of RCU, no entry of several
// indices, and no entry in the head itself, because index 0 is never given out.
import { layoutOf } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, LINE_WORDS, NULL, WORD_BYTES } from '../../machine/memory.js';

/** Bits of an index that a level resolves. */
export const XA_CHUNK_SHIFT = 6;
const XA_CHUNK_SIZE = 1 << XA_CHUNK_SHIFT;

/** The array. The next allocation begins its search at `next`. */
export const XARRAY = { xaLock: 'u32', next: 'u32', xaHead: 'pointer' } as const;

/**
 * A node: slot n is for the indices with n in the six bits from `shift` on. `offset` is its own slot in its parent, and
 * `count` the number of its used slots. `free` has a bit for each slot that has a free index below it.
 */
export const XA_NODE = {
  shift: 'u32',
  offset: 'u32',
  count: 'u32',
  free: XA_CHUNK_SIZE / 32,
  parent: 'pointer',
  slots: `pointer[${XA_CHUNK_SIZE}]`,
} as const;

/** @param lastIndex - The largest index that it gives out, less than 2^30. */
export function xarrayIn(machine: Machine, lastIndex: number) {
  const { memory } = machine;
  const pointerWords = machine.host.pointerBytes / WORD_BYTES;
  const xa = layoutOf('xarray', XARRAY, machine.host.pointerBytes).at;
  const { name, bytes, at } = layoutOf('xa_node', XA_NODE, machine.host.pointerBytes);
  const xarray = machine.bootAlloc(LINE_WORDS * WORD_BYTES, 'svm_vcpus');
  const xaLock = xarray + xa.xaLock;
  const xaHead = xarray + xa.xaHead;
  const cache = machine.kmemCache(bytes, name);
  memory.store(xarray + xa.next, machine.host.firstVmId);

  const shiftOf = (node: Address): number => memory.load(node + at.shift);
  const offsetIn = (shift: number, index: number): number => (index >>> shift) & (XA_CHUNK_SIZE - 1);
  const slotAt = (node: Address, offset: number): Address => node + at.slots + offset * pointerWords;
  const isBeyond = (shift: number, index: number): boolean => index >>> shift >= XA_CHUNK_SIZE;
  const isFull = (node: Address): boolean =>
    memory.load(node + at.free) === 0 && memory.load(node + at.free + 1) === 0;

  /** Makes a node below which all indices are free. */
  function createNode(shift: number, parent: Address, offset: number): Address {
    const node = cache.alloc();
    memory.store(node + at.shift, shift);
    memory.store(node + at.offset, offset);
    memory.store(node + at.parent, parent);
    memory.store(node + at.free, -1);
    memory.store(node + at.free + 1, -1);
    return node;
  }

  function setSlot(node: Address, offset: number, entry: Address): void {
    memory.store(slotAt(node, offset), entry);
    memory.store(node + at.count, memory.load(node + at.count) + (entry === NULL ? -1 : 1));
  }

  /** Sets or clears the free mark of a slot. It goes up as long as a node becomes full or ceases to be. */
  function mark(start: Address, slot: number, isFree: boolean): void {
    let offset = slot;
    for (let node = start; node !== NULL; node = memory.load(node + at.parent)) {
      const wasFull = isFull(node);
      const marks = node + at.free + (offset >>> 5);
      const bit = 1 << (offset & 31);
      memory.store(marks, isFree ? memory.load(marks) | bit : memory.load(marks) & ~bit);
      if (isFull(node) === wasFull) return;
      offset = memory.load(node + at.offset);
    }
  }

  /** The node of the lowest level that has a slot for an index; NULL if there is none. */
  function leafOf(index: number): Address {
    let node = memory.load(xaHead);
    if (node === NULL) return NULL;
    let shift = shiftOf(node);
    if (isBeyond(shift, index)) return NULL;
    for (; shift > 0 && node !== NULL; shift -= XA_CHUNK_SHIFT)
      node = memory.load(slotAt(node, offsetIn(shift, index)));
    return node;
  }

  /** The first slot from `offset` on with a free index below it; XA_CHUNK_SIZE if there is none. */
  function freeSlot(node: Address, offset: number): number {
    for (let slot = offset; slot < XA_CHUNK_SIZE; slot = (slot | 31) + 1) {
      const marks = memory.load(node + at.free + (slot >>> 5)) >>> (slot & 31);
      if (marks !== 0) return slot + 31 - Math.clz32(marks & -marks);
    }
    return XA_CHUNK_SIZE;
  }

  /** The lowest free index from `first` on. There need not be a node for it. */
  function findFree(first: number): number {
    let index = first;
    let node = memory.load(xaHead);
    if (node === NULL || isBeyond(shiftOf(node), index)) return index;
    while (node !== NULL) {
      const shift = shiftOf(node);
      const offset = offsetIn(shift, index);
      const slot = freeSlot(node, offset);
      if (slot > offset) index = ((index >>> shift) - offset + slot) << shift;
      if (slot === XA_CHUNK_SIZE) return findFree(index);
      if (shift === 0) return index;
      node = memory.load(slotAt(node, slot));
    }
    return index;
  }

  /** Puts a level above the top node. That node is not full, because index 0 is free. */
  function grow(top: Address): Address {
    const node = createNode(shiftOf(top) + XA_CHUNK_SHIFT, NULL, 0);
    setSlot(node, 0, top);
    memory.store(top + at.parent, node);
    memory.store(xaHead, node);
    return node;
  }

  /** Removes levels above the only used slot 0, like xas_shrink(). */
  function shrink(): void {
    let top = memory.load(xaHead);
    while (top !== NULL && shiftOf(top) > 0 && memory.load(top + at.count) === 1) {
      const below = memory.load(slotAt(top, 0));
      if (below === NULL) return;
      memory.store(below + at.parent, NULL);
      memory.store(xaHead, below);
      cache.free(top);
      top = below;
    }
  }

  function insert(index: number, entry: Address): void {
    let node = memory.load(xaHead);
    if (node === NULL) {
      let shift = 0;
      while (isBeyond(shift, index)) shift += XA_CHUNK_SHIFT;
      node = createNode(shift, NULL, 0);
      memory.store(xaHead, node);
    }
    while (isBeyond(shiftOf(node), index)) node = grow(node);
    for (let shift = shiftOf(node); shift > 0; shift -= XA_CHUNK_SHIFT) {
      const offset = offsetIn(shift, index);
      let below = memory.load(slotAt(node, offset));
      if (below === NULL) {
        below = createNode(shift - XA_CHUNK_SHIFT, node, offset);
        setSlot(node, offset, below);
      }
      node = below;
    }
    setSlot(node, offsetIn(0, index), entry);
    mark(node, offsetIn(0, index), false);
  }

  return {
    /**
     * Stores an entry at the lowest free index after the last one given out, or else from 1 on.
     *
     * @throws RangeError if all indices are in use.
     */
    allocCyclic(entry: Address): number {
      memory.lock(xaLock);
      let index = findFree(memory.load(xarray + xa.next));
      if (index > lastIndex) index = findFree(1);
      if (index > lastIndex) {
        memory.unlock(xaLock);
        throw new RangeError(`all ${lastIndex} indices are in use`);
      }
      insert(index, entry);
      memory.store(xarray + xa.next, index + 1);
      memory.unlock(xaLock);
      return index;
    },

    /** Frees an index that is in use, and the nodes that become empty. */
    erase(index: number): void {
      memory.lock(xaLock);
      let node = leafOf(index);
      setSlot(node, offsetIn(0, index), NULL);
      mark(node, offsetIn(0, index), true);
      while (node !== NULL && memory.load(node + at.count) === 0) {
        const parent = memory.load(node + at.parent);
        if (parent === NULL) memory.store(xaHead, NULL);
        else setSlot(parent, memory.load(node + at.offset), NULL);
        cache.free(node);
        node = parent;
      }
      shrink();
      memory.unlock(xaLock);
    },

    lock: () => memory.lock(xaLock),
    unlock: () => memory.unlock(xaLock),

    /** The entry at an index; NULL if the index is free. Under the lock. */
    find(index: number): Address {
      const node = leafOf(index);
      return node === NULL ? NULL : memory.load(slotAt(node, offsetIn(0, index)));
    },
  };
}
