// vm_ids of the patch of 2016: a counter without a limit, which never reuses an id; vm-ids.ts. The lock is our assumption.
// Include tag-encoding.h before this file.
#pragma once

#include "layouts.h"

static address svm_vm_id_lock;

static inline void create_vm_ids(void)
{
	svm_vm_id_lock = boot_alloc(LINE_WORDS * sizeof(uint32_t));
	MEMORY[svm_vm_id_lock + 1] = (host.first_vm_id - 1) & MAX_VM_ID;
}

static inline uint32_t alloc_vm_id(void)
{
	uint32_t vm_id;

	lock(svm_vm_id_lock);
	vm_id = ++MEMORY[svm_vm_id_lock + 1];
	unlock(svm_vm_id_lock);
	return vm_id;
}

static inline void free_vm_id(uint32_t vm_id)
{
	(void)vm_id;
}
