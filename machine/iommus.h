// The host's IOMMUs, and the invalidation commands that the driver queues: iommus.ts and flushes.ts. Devices are counted
// from 0; machine/pci-segment.h gives them ids.
#pragma once

#include "memory.h"

/* The structure of each IOMMU. */
static address iommus[MAX_IOMMUS];

/*
 * A linked list of the devices touched since the last flush: word `device` is the device's link, 0 if it is not on the list.
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

/* The IOMMU that a device is behind. */
static inline struct amd_iommu *iommu_behind(uint32_t device)
{
	return AT(amd_iommu, iommus[device % host.iommus]);
}

/*
 * Counts the INVALIDATE and the COMPLETION_WAIT that make an IOMMU forget what it has cached of a device's table. The driver
 * waits under the command lock.
 */
static inline void flush(struct amd_iommu *iommu)
{
	lock(ADDRESS_OF(&iommu->lock));
	iommu->invalidate_count++;
	if (unlikely(host.command_lock == COMMAND_LOCK_PER_COMMAND)) {
		unlock(ADDRESS_OF(&iommu->lock));
		lock(ADDRESS_OF(&iommu->lock));
	}
	iommu->completion_wait_count++;
	unlock(ADDRESS_OF(&iommu->lock));
}

static inline void defer_flush(uint32_t device)
{
	if (MEMORY[flush_chain + device])
		return;
	MEMORY[flush_chain + device] = MEMORY[flush_chain_head];
	MEMORY[flush_chain_head] = device + 1;
}

/* Follows each entry of a device that a load or put has written, on a host that flushes then. */
static inline void entry_written(uint32_t device)
{
	if (host.flush == FLUSH_PER_ENTRY)
		flush(iommu_behind(device));
	else
		defer_flush(device);
}

/* Flushes the devices that an operation has touched, on a host that flushes once per device. */
static inline void finish_operation(void)
{
	uint32_t link = MEMORY[flush_chain_head];

	while (link != END_OF_CHAIN) {
		uint32_t device = link - 1;

		link = MEMORY[flush_chain + device];
		MEMORY[flush_chain + device] = 0;
		flush(iommu_behind(device));
	}
	MEMORY[flush_chain_head] = END_OF_CHAIN;
}
