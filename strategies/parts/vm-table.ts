// SVM's hash of VMs by vm_id (svm_vm_data_hash since v4.9): 256 buckets under one lock for the host. It turns a tag
// of the GA log into a VM. Add and remove are O(1); a look-up walks a bucket.
import type { Machine } from '../../machine/machine.js';
import { type Address, LINE_WORDS, NULL, WORD_BYTES } from '../../machine/memory.js';

/** Bits of the hash: 8 as posted and as merged. */
export const VM_HASH_BITS = 8;

/**
 * A VM table on a host.
 *
 * @param kvm - Offsets of the table's node and of the id in a VM.
 * @param idMask - The bits of a vm_id that the table hashes and compares: all, or the bits that a tag has room for.
 */
export function vmTableIn(
  machine: Machine,
  kvm: { readonly vmHash: number; readonly vmId: number },
  idMask = -1,
) {
  const { memory, hlist } = machine;
  const pointerWords = machine.host.pointerBytes / WORD_BYTES;
  const tableLock = machine.bootAlloc(LINE_WORDS * WORD_BYTES, 'svm_vm_data_hash_lock');
  const buckets = machine.bootAlloc((1 << VM_HASH_BITS) * machine.host.pointerBytes, 'svm_vm_data_hash');

  const bucketOf = (vmId: number): Address =>
    buckets + machine.hash32(vmId & idMask, VM_HASH_BITS) * pointerWords;
  const vmOf = (node: Address): Address => (node === NULL ? NULL : node - kvm.vmHash);

  return {
    lock: () => memory.lock(tableLock),
    unlock: () => memory.unlock(tableLock),

    add(vm: Address): void {
      memory.lock(tableLock);
      hlist.addHead(bucketOf(memory.load(vm + kvm.vmId)), vm + kvm.vmHash);
      memory.unlock(tableLock);
    },
    remove(vm: Address): void {
      memory.lock(tableLock);
      hlist.del(vm + kvm.vmHash);
      memory.unlock(tableLock);
    },

    /** The first VM in the bucket of an id, with any id; NULL if the bucket is empty. Under the lock. */
    first: (vmId: number): Address => vmOf(memory.load(bucketOf(vmId))),

    /** The VM with this id; NULL if there is none. Under the lock. */
    find(vmId: number): Address {
      let vm = vmOf(memory.load(bucketOf(vmId)));
      while (vm !== NULL && (memory.load(vm + kvm.vmId) & idMask) !== vmId) {
        vm = vmOf(memory.load(vm + kvm.vmHash));
      }
      return vm;
    },
  };
}

/** What {@link vmTableIn} makes. */
export type VmTable = ReturnType<typeof vmTableIn>;
