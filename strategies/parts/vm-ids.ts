// How a VM gets its vm_id: the counter as posted, the bitmap of v4.9, the checked counter of later kernels. All
// start at 1, so that no tag is 0.

import type { Machine } from '../../machine/machine.js';
import { type Address, LINE_WORDS, NULL, WORD_BYTES } from '../../machine/memory.js';
import type { VmTable } from './vm-table.js';

/** Source of vm_ids. */
export interface VmIds {
  alloc(): number;
  free(vmId: number): void;
}

const LINE_BYTES = LINE_WORDS * WORD_BYTES;

/** As posted: counts up, knows of no limit, never takes an id back. That it does so under a lock is assumed. */
export function countedVmIds(machine: Machine): VmIds {
  const { memory } = machine;
  const lock = machine.bootAlloc(LINE_BYTES, 'svm_vm_id_lock');
  const last = lock + 1;
  return {
    alloc() {
      memory.lock(lock);
      const vmId = memory.load(last) + 1;
      memory.store(last, vmId);
      memory.unlock(lock);
      return vmId;
    },
    free() {},
  };
}

/** v4.9: a bitmap under a lock; the lowest free id is given out, and reused at once when it is given back. */
export function bitmapVmIds(machine: Machine, maxVmId: number): VmIds {
  const { memory } = machine;
  const lastId = Math.min(maxVmId, machine.host.maxVmId);
  const lock = machine.bootAlloc(LINE_BYTES, 'svm_vm_bitmap_lock');
  const words = (lastId >>> 5) + 1;
  const bitmap = machine.bootAlloc(words * WORD_BYTES, 'svm_vm_bitmap');
  // Id 0 and what the last word has beyond the last id are taken.
  memory.store(bitmap + words - 1, -2 << (lastId & 31));
  memory.store(bitmap, memory.load(bitmap) | 1);
  return {
    alloc() {
      memory.lock(lock);
      let word = 0;
      while (word < words && memory.load(bitmap + word) === -1) word++;
      if (word === words) {
        memory.unlock(lock);
        throw new RangeError(`all ${lastId} vm_ids are in use`);
      }
      const taken = memory.load(bitmap + word);
      const bit = 31 - Math.clz32(~taken & (taken + 1));
      memory.store(bitmap + word, taken | (1 << bit));
      memory.unlock(lock);
      return word * 32 + bit;
    },
    free(vmId) {
      const word: Address = bitmap + (vmId >>> 5);
      memory.lock(lock);
      memory.store(word, memory.load(word) & ~(1 << (vmId & 31)));
      memory.unlock(lock);
    },
  };
}

/**
 * Since v4.10: counts up, skips 0, and once it has wrapped looks each candidate up in the VM table. With all ids in
 * use it looks for ever, under the table's lock.
 */
export function checkedVmIds(machine: Machine, maxVmId: number, vmTable: VmTable): VmIds {
  const { memory } = machine;
  const lastId = Math.min(maxVmId, machine.host.maxVmId);
  const state = machine.bootAlloc(LINE_BYTES, 'svm_next_vm_id');
  const next = state;
  const hasWrapped = state + 1;
  return {
    alloc() {
      vmTable.lock();
      let vmId: number;
      do {
        vmId = memory.load(next) + 1;
        if (vmId > lastId) {
          vmId = 1;
          memory.store(hasWrapped, 1);
        }
        memory.store(next, vmId);
      } while (memory.load(hasWrapped) !== 0 && vmTable.find(vmId) !== NULL);
      vmTable.unlock();
      return vmId;
    },
    free() {},
  };
}
