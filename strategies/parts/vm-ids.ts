// The sources of vm_ids: the counter as posted, the bitmap of v4.9, and the checked counter since v4.14. Ids start at
// 1, so that no tag is 0. A lock protects each source.
import type { Machine } from '../../machine/machine.js';
import { type Address, LINE_WORDS, NULL, WORD_BYTES } from '../../machine/memory.js';
import type { VmTable } from './vm-table.js';

/** A source of vm_ids on a host. */
export interface VmIds {
  alloc(): number;
  free(vmId: number): void;
}

/** Makes a source of vm_ids on a host. */
export type VmIdSource = (machine: Machine, vmTable: VmTable) => VmIds;

const LINE_BYTES = LINE_WORDS * WORD_BYTES;

/** The id before the first one of a counter, within the bits of a tag. */
const idBeforeFirst = ({ host }: Machine, maxVmId: number): number => (host.firstVmId - 1) & maxVmId;

/**
 * As posted: a counter without a limit, which never reuses an id. The lock is our assumption.
 *
 * @param maxVmId - The largest id that a tag has room for; the counter goes on beyond it.
 */
export function countedVmIds(maxVmId: number): VmIdSource {
  return (machine) => {
    const { memory } = machine;
    const lock = machine.bootAlloc(LINE_BYTES, 'svm_vm_id_lock');
    const last = lock + 1;
    memory.store(last, idBeforeFirst(machine, maxVmId));
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
  };
}

/** v4.9: a bitmap under a lock. It gives out the lowest free id, and reuses an id as soon as it is freed. */
export function bitmapVmIds(maxVmId: number): VmIdSource {
  return (machine) => {
    const { memory } = machine;
    const lastId = Math.min(maxVmId, machine.host.maxVmId);
    const lock = machine.bootAlloc(LINE_BYTES, 'svm_vm_bitmap_lock');
    const words = (lastId >>> 5) + 1;
    const bitmap = machine.bootAlloc(words * WORD_BYTES, 'svm_vm_bitmap');
    // Id 0 and the bits after the last id are never free.
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
  };
}

/**
 * v4.14: a counter that skips 0 and, once it has wrapped, looks up each candidate in the VM table. If all ids are in
 * use it loops forever, under the table's lock.
 */
export function checkedVmIds(maxVmId: number): VmIdSource {
  return (machine, vmTable) => {
    const { memory } = machine;
    const lastId = Math.min(maxVmId, machine.host.maxVmId);
    const next = machine.bootAlloc(LINE_BYTES, 'svm_next_vm_id');
    const hasWrapped = next + 1;
    memory.store(next, idBeforeFirst(machine, maxVmId));
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
  };
}
