// The IOMMU driver of the designs that hash tags: tag-hash-iommu.ts. The design defines COMPARES_TAGS: whether the bucket
// walk compares tags. Include svm.h before this file.
#pragma once

#include "tag-hash.h"

#define IRQ IR_DATA

static inline void create_iommu_driver(void)
{
	create_ir_data();
	create_tag_hash();
}

static inline address alloc_irq(uint32_t number, uint32_t devid)
{
	return ADDRESS_OF(alloc_ir_data(number, devid));
}

static inline void free_irq(struct IRQ *irq)
{
	free_ir_data(irq);
}

/*
 * Posts an irq to the vCPU that a tag names. Where the vCPU runs is read under the lock: a concurrent load or put has
 * either changed the CPU already, or will find the new entry in the table.
 */
static inline void post_to_vcpu(struct IR_DATA *ir_data, uint32_t tag, uint32_t vector, const struct VCPU *vcpu)
{
	address table = tag_hash_of(ir_data);

	lock(table);
	if (is_guest_mode(ir_data))
		hlist_del(ADDRESS_OF(&ir_data->hnode));
	set_guest_mode(ir_data, tag, vcpu->backing_page, vector, cpu_of(vcpu), true);
	hlist_add_head(ADDRESS_OF(&ir_data->hnode), bucket_of(table, ir_data->ga_tag));
	unlock(table);
}

static inline void unroute(struct IRQ *irq)
{
	address table = tag_hash_of(irq);

	lock(table);
	hlist_del(ADDRESS_OF(&irq->hnode));
	set_remap_mode(irq);
	unlock(table);
}

/* Updates every entry of a tag: root pointer, is_run, and the destination unless the CPU is NO_CPU. */
static inline void update_ga_tag(uint32_t tag, int32_t cpu, uint32_t base, bool is_run)
{
	for (uint32_t number = 0; number < host.iommus; number++) {
		address table = gatag_hash[number];

		lock(table);
		for (address node = MEMORY[bucket_of(table, tag)]; node; node = AT(hlist_node, node)->next) {
			struct IR_DATA *ir_data = CONTAINER_OF(node, IR_DATA, hnode);

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
	address node;
	int32_t vector;

	lock(table);
	node = MEMORY[bucket_of(table, tag)];
	vector = node ? (int32_t)CONTAINER_OF(node, IR_DATA, hnode)->ga_vector : NO_VECTOR;
	unlock(table);
	return vector;
}
