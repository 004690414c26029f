// vm_ids of v4.9: a bitmap under a lock gives out the lowest free id, and reuses an id as soon as it is freed; vm-ids.ts.
// Include tag-encoding.h before this file.
#pragma once

#include "layouts.h"

static address svm_vm_bitmap_lock;
static address svm_vm_bitmap;
static uint32_t svm_vm_bitmap_words;

static inline void create_vm_ids(void)
{
	uint32_t last_id = MAX_VM_ID < host.max_vm_id ? MAX_VM_ID : host.max_vm_id;

	svm_vm_bitmap_lock = boot_alloc(LINE_WORDS * sizeof(uint32_t));
	svm_vm_bitmap_words = (last_id >> 5) + 1;
	svm_vm_bitmap = boot_alloc(svm_vm_bitmap_words * sizeof(uint32_t));
	/* Id 0 and the bits after the last id are never free. */
	MEMORY[svm_vm_bitmap + svm_vm_bitmap_words - 1] = ~1u << (last_id & 31);
	MEMORY[svm_vm_bitmap] |= 1;
}

static inline uint32_t alloc_vm_id(void)
{
	uint32_t word = 0, bit;

	lock(svm_vm_bitmap_lock);
	while (word < svm_vm_bitmap_words && MEMORY[svm_vm_bitmap + word] == UINT32_MAX)
		word++;
	if (word == svm_vm_bitmap_words) {
		unlock(svm_vm_bitmap_lock);
		refuse("all vm_ids are in use");
	}
	bit = __builtin_ctz(~MEMORY[svm_vm_bitmap + word]);
	MEMORY[svm_vm_bitmap + word] |= 1u << bit;
	unlock(svm_vm_bitmap_lock);
	return word * 32 + bit;
}

static inline void free_vm_id(uint32_t vm_id)
{
	lock(svm_vm_bitmap_lock);
	MEMORY[svm_vm_bitmap + (vm_id >> 5)] &= ~(1u << (vm_id & 31));
	unlock(svm_vm_bitmap_lock);
}
