// The look-up of the patch of 2016: tag-hash.ts. Each IOMMU has a hash table of ir_data by tag, under a lock of its own.
#pragma once

#define IR_DATA amd_ir_data_hashed
#include "ir-data.h"

/* The table of each IOMMU. It begins with its lock, which has a cache line of its own; the bucket heads follow. */
static address gatag_hash[MAX_IOMMUS];

static inline void create_tag_hash(void)
{
	for (uint32_t number = 0; number < host.iommus; number++) {
		gatag_hash[number] =
			boot_alloc(LINE_WORDS * sizeof(uint32_t) + (1u << host.hash_bits) * POINTER_BYTES);
		AT(amd_iommu, iommus[number])->driver_data = gatag_hash[number];
	}
}

static inline address bucket_of(address table, uint32_t tag)
{
	return table + LINE_WORDS + hash_32(tag, host.hash_bits) * POINTER_WORDS;
}

/* The table of the IOMMU that the irq's device is behind. */
static inline address tag_hash_of(const struct IR_DATA *ir_data)
{
	return AT(amd_iommu, ir_data->iommu)->driver_data;
}
