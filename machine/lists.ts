// The kernel's kinds of lists (include/linux/list.h), in modelled memory. The caller holds the lock that protects
// one.
import type { PointerBytes } from './layout.js';
import { type Address, type Memory, NULL, WORD_BYTES } from './memory.js';

/** hlist: a head of one pointer, and nodes {next, pprev}. It is the list of a hash bucket. */
export interface Hlist {
  /** Puts `node` at the front of the list at `head`. O(1). */
  addHead(head: Address, node: Address): void;
  /** Takes `node` off its list, and does not need the head for it. O(1). */
  del(node: Address): void;
}

/**
 * hlist_bl (include/linux/list_bl.h): an hlist whose lock is bit 0 of its head, so that both are one word. Nodes lie at even
 * addresses, which leaves the bit free. Under the lock, except for the lock itself.
 */
export interface HlistBl {
  lock(head: Address): void;
  unlock(head: Address): void;
  /** The first node of the list; NULL if it is empty. */
  first(head: Address): Address;
  /** Puts `node` at the front. O(1). */
  addHead(head: Address, node: Address): void;
  /** Takes `node` off its list; the bit of a head before it stays. O(1). */
  del(node: Address): void;
}

/** list_head: a ring of {next, prev} through its head. */
export interface List {
  /** Makes `head` an empty ring. */
  init(head: Address): void;
  /** Puts `node` right after `head`, like list_add(). O(1). */
  add(node: Address, head: Address): void;
  /** Takes `node` off its ring. O(1). */
  del(node: Address): void;
}

/** The hlist operations on one memory. A pprev holds the address of the pointer that points to the node. */
export function hlistIn(memory: Memory, pointerBytes: PointerBytes): Hlist {
  const pprev = pointerBytes / WORD_BYTES;
  return {
    addHead(head, node) {
      const first = memory.load(head);
      memory.store(node, first);
      memory.store(node + pprev, head);
      if (first !== NULL) memory.store(first + pprev, node);
      memory.store(head, node);
    },
    del(node) {
      const next = memory.load(node);
      const previous = memory.load(node + pprev);
      memory.store(previous, next);
      if (next !== NULL) memory.store(next + pprev, previous);
      memory.store(node, NULL);
      memory.store(node + pprev, NULL);
    },
  };
}

/** The hlist_bl operations on one memory. */
export function hlistBlIn(memory: Memory, pointerBytes: PointerBytes): HlistBl {
  const pprev = pointerBytes / WORD_BYTES;
  const first = (head: Address): Address => memory.load(head) & ~1;
  return {
    lock: (head) => memory.lockBit(head),
    unlock: (head) => memory.unlockBit(head),
    first,
    addHead(head, node) {
      const next = first(head);
      memory.store(node, next);
      memory.store(node + pprev, head);
      if (next !== NULL) memory.store(next + pprev, node);
      memory.store(head, node | 1);
    },
    del(node) {
      const next = memory.load(node);
      const previous = memory.load(node + pprev);
      memory.store(previous, next | (memory.load(previous) & 1));
      if (next !== NULL) memory.store(next + pprev, previous);
      memory.store(node, NULL);
      memory.store(node + pprev, NULL);
    },
  };
}

/** The list_head operations on one memory. */
export function listIn(memory: Memory, pointerBytes: PointerBytes): List {
  const prev = pointerBytes / WORD_BYTES;
  return {
    init(head) {
      memory.store(head, head);
      memory.store(head + prev, head);
    },
    add(node, head) {
      const next = memory.load(head);
      memory.store(next + prev, node);
      memory.store(node, next);
      memory.store(node + prev, head);
      memory.store(head, node);
    },
    del(node) {
      const next = memory.load(node);
      const previous = memory.load(node + prev);
      memory.store(next + prev, previous);
      memory.store(previous, next);
      memory.store(node, NULL);
      memory.store(node + prev, NULL);
    },
  };
}
