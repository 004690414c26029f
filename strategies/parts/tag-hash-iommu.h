// The IOMMU driver of the patch of 2016: tag-hash-iommu.ts. Each IOMMU has a hash table by tag.
#pragma once

#include "tag-hash.h"

static address gatag_hash[MAX_IOMMUS];

static inline void create_iommu_driver(void)
{
	create_ir_data();
	for (uint32_t number = 0; number < host.iommus; number++) {
		gatag_hash[number] = create_tag_table();
		AT(amd_iommu, iommus[number])->driver_data = gatag_hash[number];
	}
}

/* The table of the IOMMU that the irq's device is behind. */
static inline address tag_hash_of(const struct IR_DATA *ir_data)
{
	return ir_data_iommu(ir_data)->driver_data;
}

static inline void post_to_vcpu(struct IR_DATA *ir_data, uint32_t tag, uint32_t vector, const struct VCPU *vcpu)
{
	post_in_table(tag_hash_of(ir_data), ir_data, tag, vector, vcpu);
}

static inline void unroute(struct IRQ *irq)
{
	unpost_in_table(tag_hash_of(irq), irq);
}

/* Updates every entry of a tag. */
static inline void update_ga_tag(uint32_t tag, int32_t cpu, uint32_t base)
{
	for (uint32_t number = 0; number < host.iommus; number++)
		update_in_table(gatag_hash[number], tag, cpu, base);
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
