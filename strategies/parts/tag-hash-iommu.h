// The IOMMU driver of the designs that hash tags: tag-hash-iommu.ts and tag-hash.ts. Each IOMMU has a hash table of
// ir_data by tag, under a lock of its own. The design defines COMPARES_TAGS: whether the bucket walk compares tags.
#pragma once

#define IR_DATA amd_ir_data_hashed
#include "ir-data.h"

/* A table begins with its lock, which has a cache line of its own; the bucket heads follow. */
static inline address first_in_bucket_of(address table, uint32_t tag)
{
	return MEMORY[table + LINE_WORDS + hash_32(tag, image[IMAGE_HASH_BITS]) * POINTER_WORDS];
}

/* Updates every entry of a tag: root pointer, is_run, and the destination unless the CPU is NO_CPU. */
static inline void update_ga_tag(uint32_t tag, int32_t cpu, uint32_t base, bool is_run)
{
	for (uint32_t number = 0; number < image[IMAGE_IOMMUS]; number++) {
		address table = driver_data[number];

		lock(table);
		for (address entry = first_in_bucket_of(table, tag); entry;
		     entry = AT(IR_DATA, entry)->hnode.next) {
			struct IR_DATA *ir_data = AT(IR_DATA, entry);

			if ((COMPARES_TAGS && ir_data->ga_tag != tag) || !is_guest_mode(ir_data))
				continue;
			set_root_page(ir_data, base);
			set_run_state(ir_data, cpu, is_run);
			commit(ir_data);
		}
		unlock(table);
	}
}

/* Stands for a vector when the bucket is empty. */
#define NO_VECTOR (-1)

/* The vector of the first entry in a tag's bucket on one IOMMU, with any tag; NO_VECTOR if the bucket is empty. */
static inline int32_t first_vector(address iommu, uint32_t tag)
{
	address table = AT(amd_iommu, iommu)->driver_data;
	address entry;
	int32_t vector;

	lock(table);
	entry = first_in_bucket_of(table, tag);
	vector = entry ? (int32_t)AT(IR_DATA, entry)->ga_vector : NO_VECTOR;
	unlock(table);
	return vector;
}
