// The host's IOMMUs, and the invalidation commands that the driver queues: iommus.ts and flushes.ts.
#pragma once

#include "memory.h"

/* The structure of each IOMMU. */
static address iommus[MAX_IOMMUS];

/*
 * A linked list of the devices touched since the last flush: word `devid` is the device's link, 0 if it is not on the list.
 * The head follows the last link.
 */
static address flush_chain;
static address flush_chain_head;

static inline void create_iommus(void)
{
	for (uint32_t number = 0; number < host.iommus; number++) {
		iommus[number] = reserve(sizeof(struct amd_iommu) / sizeof(uint32_t), LINE_WORDS);
		AT(amd_iommu, iommus[number])->ga_log = reserve(GA_LOG_ENTRIES * 2, LINE_WORDS);
	}
}

static inline void create_flushes(uint32_t devices)
{
	flush_chain = reserve(devices + 1, LINE_WORDS);
	flush_chain_head = flush_chain + devices;
	MEMORY[flush_chain_head] = END_OF_CHAIN;
}

static inline struct amd_iommu *iommu_of(uint32_t devid)
{
	return AT(amd_iommu, iommus[devid % host.iommus]);
}

/* Counts the INVALIDATE and COMPLETION_WAIT that make an IOMMU forget what it has cached of a device's table. */
static inline void flush(uint32_t devid)
{
	struct amd_iommu *iommu = iommu_of(devid);

	lock(ADDRESS_OF(&iommu->lock));
	iommu->invalidate_count++;
	iommu->completion_wait_count++;
	unlock(ADDRESS_OF(&iommu->lock));
}

static inline void defer_flush(uint32_t devid)
{
	if (MEMORY[flush_chain + devid])
		return;
	MEMORY[flush_chain + devid] = MEMORY[flush_chain_head];
	MEMORY[flush_chain_head] = devid + 1;
}

/* Follows each written entry of a device, on a host that flushes. */
static inline void entry_written(uint32_t devid)
{
	if (host.flush == FLUSH_PER_ENTRY)
		flush(devid);
	else
		defer_flush(devid);
}

/* Flushes the devices that an operation has touched, on a host that flushes once per device. */
static inline void finish_operation(void)
{
	uint32_t link = MEMORY[flush_chain_head];

	while (link != END_OF_CHAIN) {
		uint32_t devid = link - 1;

		link = MEMORY[flush_chain + devid];
		MEMORY[flush_chain + devid] = 0;
		flush(devid);
	}
	MEMORY[flush_chain_head] = END_OF_CHAIN;
}
