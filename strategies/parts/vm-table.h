// SVM's hash of VMs by vm_id, under one lock for the host: vm-table.ts. The design defines the bits of a vm_id that the
// table hashes and compares, VM_ID_MASK; by default all.
#pragma once

#include "vm.h"

#ifndef VM_ID_MASK
#define VM_ID_MASK 0xffffffffu
#endif

static address svm_vm_data_hash_lock;
static address svm_vm_data_hash;

static inline void create_vm_table(void)
{
	svm_vm_data_hash_lock = boot_alloc(LINE_WORDS * sizeof(uint32_t));
	svm_vm_data_hash = boot_alloc((1u << VM_HASH_BITS) * POINTER_BYTES);
}

static inline void lock_vm_table(void)
{
	lock(svm_vm_data_hash_lock);
}

static inline void unlock_vm_table(void)
{
	unlock(svm_vm_data_hash_lock);
}

/* The head of the bucket of an id. */
static inline address vm_bucket_of(uint32_t vm_id)
{
	return svm_vm_data_hash + hash_32(vm_id & VM_ID_MASK, VM_HASH_BITS) * POINTER_WORDS;
}

static inline void vm_table_add(struct kvm_svm *vm)
{
	lock_vm_table();
	hlist_add_head(ADDRESS_OF(&vm->vm_hash), vm_bucket_of(vm->vm_id));
	unlock_vm_table();
}

static inline void vm_table_remove(struct kvm_svm *vm)
{
	lock_vm_table();
	hlist_del(ADDRESS_OF(&vm->vm_hash));
	unlock_vm_table();
}

/* The VM with this id; a null pointer if there is none. Under the lock. */
static inline struct kvm_svm *find_vm(uint32_t vm_id)
{
	for (address node = MEMORY[vm_bucket_of(vm_id)]; node;) {
		struct kvm_svm *vm = CONTAINER_OF(node, kvm_svm, vm_hash);

		if ((vm->vm_id & VM_ID_MASK) == vm_id)
			return vm;
		node = vm->vm_hash.next;
	}
	return NULL;
}
