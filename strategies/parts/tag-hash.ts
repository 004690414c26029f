// A hash table of ir_data by GATAG. The node lies at the start of ir_data, so that a node's address is that of its ir_data.
// Add and delete are O(1).
import type { Machine } from '../../machine/machine.js';
import { type Address, LINE_WORDS, WORD_BYTES } from '../../machine/memory.js';

/** The fields that a hash has in front of ir_data: the node, and the tag that a walk compares, on its line. */
export const TAG_HASH_NODE = { hnode: 'hlist_node', gaTag: 'u32' } as const;

/**
 * Tables under a spinlock each: a table begins with its lock, which has a cache line of its own; the bucket heads follow.
 *
 * @param gaTag - Offset of the tag in ir_data.
 */
export function tagTablesIn(machine: Machine, gaTag: number) {
  const { memory, hlist } = machine;
  const { hashBits, pointerBytes } = machine.host;
  const pointerWords = pointerBytes / WORD_BYTES;
  const bytes = LINE_WORDS * WORD_BYTES + (1 << hashBits) * pointerBytes;
  const bucketOf = (table: Address, tag: number): Address =>
    table + LINE_WORDS + machine.hash32(tag, hashBits) * pointerWords;

  return {
    create: (name: string): Address => machine.bootAlloc(bytes, name),
    lock: (table: Address): void => memory.lock(table),
    unlock: (table: Address): void => memory.unlock(table),
    add: (table: Address, irData: Address): void =>
      hlist.addHead(bucketOf(table, memory.load(irData + gaTag)), irData),
    del: (irData: Address): void => hlist.del(irData),
    /** The first ir_data in the bucket of a tag, with any tag. */
    first: (table: Address, tag: number): Address => memory.load(bucketOf(table, tag)),
    /** The ir_data after one in its bucket. */
    next: (irData: Address): Address => memory.load(irData),
  };
}
