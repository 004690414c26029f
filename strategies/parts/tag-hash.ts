// The posted look-up: each IOMMU has a hash table of ir_data by GATAG, under a spinlock of its own. Add and delete are
// O(1). An update visits every IOMMU, even one without a device of the VM, and walks one bucket in each: it cannot know
// where a tag has entries, nor how many.
import type { Machine } from '../../machine/machine.js';
import { type Address, LINE_WORDS, WORD_BYTES } from '../../machine/memory.js';

/** The field that the hash puts in front of ir_data. */
export const TAG_HASH_NODE = { hnode: 'hlist_node' } as const;

/** @param gaTag - Offset of the tag in ir_data; the hash node is at its start. */
export function tagHashIn(machine: Machine, gaTag: number) {
  const { memory, hlist } = machine;
  const { hashBits, pointerBytes } = machine.host;
  const pointerWords = pointerBytes / WORD_BYTES;
  // A table begins with its lock, which has a cache line of its own; the bucket heads follow.
  const bytes = LINE_WORDS * WORD_BYTES + (1 << hashBits) * pointerBytes;
  const tables = machine.iommus.map((iommu, number) => {
    const table = machine.bootAlloc(bytes, `gatag_hash_${number}`);
    machine.setDriverData(iommu, table);
    return table;
  });
  const bucketOf = (table: Address, tag: number): Address =>
    table + LINE_WORDS + machine.hash32(tag, hashBits) * pointerWords;

  return {
    /** The table of each IOMMU, in the machine's order. */
    tables,
    tableOf: machine.driverDataOf,
    lock: (table: Address) => memory.lock(table),
    unlock: (table: Address) => memory.unlock(table),
    add: (table: Address, irData: Address) =>
      hlist.addHead(bucketOf(table, memory.load(irData + gaTag)), irData),
    del: (irData: Address) => hlist.del(irData),
    /** The first ir_data in the bucket of a tag, with any tag. */
    first: (table: Address, tag: number): Address => memory.load(bucketOf(table, tag)),
    /** The ir_data after one in its bucket. */
    next: (irData: Address): Address => memory.load(irData),
  };
}
