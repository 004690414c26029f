// SVM with vm_ids: svm.ts and vm-table.ts. The VMs are in one hash by vm_id, under one lock. The design defines the
// bits of a vm_id that the table hashes and compares, VM_ID_MASK; by default all.
#pragma once

#include "vm.h"

#ifndef VM_ID_MASK
#define VM_ID_MASK 0xffffffffu
#endif

static inline void lock_vm_table(void)
{
	lock(image[IMAGE_SVM_VM_DATA_HASH_LOCK]);
}

static inline void unlock_vm_table(void)
{
	unlock(image[IMAGE_SVM_VM_DATA_HASH_LOCK]);
}

/* The first node in the bucket of an id; NULL if the bucket is empty. Under the lock. */
static inline address first_vm_node(uint32_t vm_id)
{
	return MEMORY[image[IMAGE_SVM_VM_DATA_HASH] + hash_32(vm_id & VM_ID_MASK, VM_HASH_BITS) * POINTER_WORDS];
}

/* The VM with this id; a null pointer if there is none. Under the lock. */
static inline struct kvm_svm *find_vm(uint32_t vm_id)
{
	for (address node = first_vm_node(vm_id); node;) {
		struct kvm_svm *vm = CONTAINER_OF(node, kvm_svm, vm_hash);

		if ((vm->vm_id & VM_ID_MASK) == vm_id)
			return vm;
		node = vm->vm_hash.next;
	}
	return NULL;
}

/* The vCPU with these ids; NULL if there is none. */
static inline address find_vcpu(uint32_t vm_id, uint32_t vcpu_id)
{
	struct kvm_svm *vm;
	address vcpu;

	lock_vm_table();
	vm = find_vm(vm_id);
	vcpu = vm ? vcpu_by_id(vm, vcpu_id) : 0;
	unlock_vm_table();
	return vcpu;
}
