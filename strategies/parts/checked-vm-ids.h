// vm_ids of v4.14: a counter that skips 0 and, once it has wrapped, looks up each candidate in the VM table; vm-ids.ts. If
// all ids are in use it loops forever, under the table's lock. Include tag-encoding.h before this file.
#pragma once

#include "vm-table.h"

static address svm_next_vm_id;

static inline void create_vm_ids(void)
{
	svm_next_vm_id = boot_alloc(LINE_WORDS * sizeof(uint32_t));
	MEMORY[svm_next_vm_id] = (host.first_vm_id - 1) & MAX_VM_ID;
}

static inline uint32_t alloc_vm_id(void)
{
	uint32_t last_id = MAX_VM_ID < host.max_vm_id ? MAX_VM_ID : host.max_vm_id;
	uint32_t *next = MEMORY + svm_next_vm_id;
	uint32_t *has_wrapped = next + 1;
	uint32_t vm_id;

	lock_vm_table();
	do {
		vm_id = *next + 1;
		if (vm_id > last_id) {
			vm_id = 1;
			*has_wrapped = 1;
		}
		*next = vm_id;
	} while (*has_wrapped && find_vm(vm_id));
	unlock_vm_table();
	return vm_id;
}

static inline void free_vm_id(uint32_t vm_id)
{
	(void)vm_id;
}
