// A hash table of ir_data by tag, under a spinlock: tag-hash.ts and tagHashDriver() of tag-hash-iommu.ts. Include svm.h before
// this file, and define COMPARES_TAGS: whether the bucket walk compares tags.
#pragma once

#define IR_DATA amd_ir_data_hashed
#include "ir-data.h"
#include "ir-data-as-irq.h"

/* A table begins with its lock, which has a cache line of its own; the bucket heads follow. */
static inline address create_tag_table(void)
{
	return boot_alloc(LINE_WORDS * sizeof(uint32_t) + (1u << host.hash_bits) * POINTER_BYTES);
}

static inline address bucket_of(address table, uint32_t tag)
{
	return table + LINE_WORDS + hash_32(tag, host.hash_bits) * POINTER_WORDS;
}

/*
 * Posts an irq to the vCPU that a tag names. Where the vCPU runs is read under the lock: a concurrent load or put has
 * either changed the CPU already, or will find the new entry in the table.
 */
static inline void post_in_table(address table, struct IR_DATA *ir_data, uint32_t tag, uint32_t vector,
				 const struct VCPU *vcpu)
{
	lock(table);
	if (is_guest_mode(ir_data))
		hlist_del(ADDRESS_OF(&ir_data->hnode));
	set_guest_mode(ir_data, tag, vcpu->backing_page, vector, cpu_of(vcpu), true);
	hlist_add_head(ADDRESS_OF(&ir_data->hnode), bucket_of(table, ir_data->ga_tag));
	unlock(table);
}

static inline void unpost_in_table(address table, struct IR_DATA *ir_data)
{
	lock(table);
	hlist_del(ADDRESS_OF(&ir_data->hnode));
	set_remap_mode(ir_data);
	unlock(table);
}

/* Updates a table's entries of a tag: root pointer, is_run, and the destination unless the CPU is NO_CPU. */
static always_inline void update_in_table(address table, uint32_t tag, int32_t cpu, uint32_t base)
{
	lock(table);
	for (address node = MEMORY[bucket_of(table, tag)]; node; node = AT(hlist_node, node)->next) {
		struct IR_DATA *ir_data = CONTAINER_OF(node, IR_DATA, hnode);

		if (!COMPARES_TAGS || ir_data->ga_tag == tag)
			update_entry(ir_data, cpu, base);
	}
	unlock(table);
}
