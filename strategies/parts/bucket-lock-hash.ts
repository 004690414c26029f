// The IOMMU driver with one hash table for the host, in which each bucket has a lock of its own: bit 0 of the bucket's head,
// as in the kernel's hlist_bl. Lock and head are one line and one atomic. A bucket's lock protects its entries.
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL, WORD_BYTES } from '../../machine/memory.js';
import { irDataIn } from './ir-data.js';
import { TAG_HASH_NODE } from './tag-hash.js';
import type { TagHashIommu } from './tag-hash-iommu.js';

/** @param cpuOf - SVM's answer to where a vCPU runs, or NO_CPU. It is called under the bucket's lock. */
export function bucketLockHash(machine: Machine, cpuOf: (vcpu: Address) => number): TagHashIommu {
  const { memory, hlistBl } = machine;
  const { hashBits, pointerBytes } = machine.host;
  const pointerWords = pointerBytes / WORD_BYTES;
  const irData = irDataIn(machine, TAG_HASH_NODE);
  const table = machine.bootAlloc((1 << hashBits) * pointerBytes, 'gatag_hash');
  const bucketOf = (tag: number): Address => table + machine.hash32(tag, hashBits) * pointerWords;

  return {
    allocIrq: irData.alloc,
    freeIrq: irData.free,

    // Between the buckets only the irq's own operation can reach the entry.
    setGuestMode(data, tag, base, vector, vcpu) {
      // Only the irq's own operations write its tag, under the bucket's lock, so this one may read it without the lock.
      const previousTag = memory.readOnce(data + irData.at.gaTag);
      if (previousTag !== 0) {
        const previous = bucketOf(previousTag);
        hlistBl.lock(previous);
        hlistBl.del(data);
        hlistBl.unlock(previous);
      }
      const bucket = bucketOf(tag);
      hlistBl.lock(bucket);
      irData.setGuestMode(data, tag, base, vector, cpuOf(vcpu), true);
      hlistBl.addHead(bucket, data);
      hlistBl.unlock(bucket);
    },

    setRemapMode(data) {
      const bucket = bucketOf(memory.readOnce(data + irData.at.gaTag));
      hlistBl.lock(bucket);
      hlistBl.del(data);
      irData.setRemapMode(data);
      hlistBl.unlock(bucket);
    },

    updateGa(tag, cpu, base) {
      const bucket = bucketOf(tag);
      hlistBl.lock(bucket);
      for (let data = hlistBl.first(bucket); data !== NULL; data = memory.load(data)) {
        if (memory.load(data + irData.at.gaTag) === tag) irData.updateEntry(data, cpu, base);
      }
      hlistBl.unlock(bucket);
    },
  };
}
