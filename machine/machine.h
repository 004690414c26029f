// The modelled host as a strategy meets it: the parts of irte.ts, iommus.ts, irq-tables.ts, flushes.ts and ga-log.ts
// that a window needs. The header of the image holds the host's parameters and the addresses of its tables.
#pragma once

#include "memory.h"

/* The header of the image; see IMAGE_* in layouts.h. */
static uint32_t image[IMAGE_HEADER_WORDS];

/* The structure of each IOMMU, and the strategy's own structure of each. */
static const address *iommus;
static const address *driver_data;

static inline uint32_t hash_32(uint32_t key, uint32_t bits)
{
	return key * image[IMAGE_HASH_MULTIPLIER] >> (32 - bits);
}

static inline uint32_t with_destination_lo(uint32_t word0, uint32_t apic_id)
{
	return (word0 & ~DESTINATION_LO) | apic_id << 8;
}

static inline uint32_t with_destination_hi(uint32_t word3, uint32_t apic_id)
{
	return (word3 & ~DESTINATION_HI) | (apic_id & DESTINATION_HI);
}

static inline uint32_t with_root_lo(uint32_t word2, uint32_t page_frame)
{
	return (word2 & ~ROOT_LO) | page_frame << 12;
}

static inline uint32_t with_root_hi(uint32_t word3, uint32_t page_frame)
{
	return (word3 & ~ROOT_HI) | page_frame >> 20;
}

static inline uint32_t devid_of(address irte)
{
	return (irte - image[IMAGE_IRTE_TABLES]) >> image[IMAGE_IRTE_TABLE_SHIFT];
}

static inline struct amd_iommu *iommu_of(uint32_t devid)
{
	return AT(amd_iommu, iommus[devid % image[IMAGE_IOMMUS]]);
}

/* The structure for a device's interrupt-remapping table, looked up by device id. */
static inline struct irq_remap_table *irq_table(uint32_t devid)
{
	return AT(irq_remap_table, MEMORY[image[IMAGE_IRQ_LOOKUP_TABLE] + devid * POINTER_WORDS]);
}

/* The same, from the address of one of its entries. */
static inline struct irq_remap_table *irq_table_of(address irte)
{
	return AT(irq_remap_table, image[IMAGE_IRQ_REMAP_TABLES]) + devid_of(irte);
}

static inline void flush(uint32_t devid)
{
	struct amd_iommu *iommu = iommu_of(devid);

	lock(ADDRESS_OF(&iommu->lock));
	iommu->invalidate_count++;
	iommu->completion_wait_count++;
	unlock(ADDRESS_OF(&iommu->lock));
}

/* The head of the list follows the links of all devices. */
static inline void defer_flush(uint32_t devid)
{
	uint32_t *chain = MEMORY + image[IMAGE_FLUSH_CHAIN];
	uint32_t *head = chain + image[IMAGE_DEVICES];

	if (chain[devid])
		return;
	chain[devid] = *head;
	*head = devid + 1;
}

/* Ends an operation of a host that flushes once per device. */
static inline void finish_operation(void)
{
	uint32_t *chain = MEMORY + image[IMAGE_FLUSH_CHAIN];
	uint32_t *head = chain + image[IMAGE_DEVICES];
	uint32_t link = *head;

	while (link != END_OF_CHAIN) {
		uint32_t devid = link - 1;

		link = chain[devid];
		chain[devid] = 0;
		flush(devid);
	}
	*head = END_OF_CHAIN;
}

/* Writes the 128 bits of a live entry. On x86-64 it is one atomic write, as in Linux since 2020. */
static inline void write_irte(address irte, uint32_t word0, uint32_t word1, uint32_t word2, uint32_t word3)
{
#ifdef __x86_64__
	unsigned __int128 *live = (unsigned __int128 *)(MEMORY + irte);
	uint64_t lo = (uint64_t)word1 << 32 | word0;
	uint64_t hi = (uint64_t)word3 << 32 | word2;
	unsigned __int128 entry = (unsigned __int128)hi << 64 | lo;
	unsigned __int128 old;

	do
		old = *live;
	while (!__sync_bool_compare_and_swap(live, old, entry));
#else
	MEMORY[irte] = word0;
	MEMORY[irte + 1] = word1;
	MEMORY[irte + 2] = word2;
	MEMORY[irte + 3] = word3;
#endif
}

/* Writes a live entry under its table's lock, and queues the commands of the host's flush policy. */
static inline void update_irte(struct irq_remap_table *table, address irte, uint32_t word0, uint32_t word1,
			       uint32_t word2, uint32_t word3)
{
	address table_lock = image[IMAGE_GLOBAL_TABLE_LOCK] ? image[IMAGE_IOMMU_TABLE_LOCK]
							    : ADDRESS_OF(&table->lock);

	lock(table_lock);
	write_irte(irte, word0, word1, word2, word3);
	unlock(table_lock);
	if (image[IMAGE_FLUSH] == FLUSH_PER_ENTRY)
		flush(devid_of(irte));
	if (image[IMAGE_FLUSH] == FLUSH_PER_DEVICE)
		defer_flush(devid_of(irte));
}

/* An interrupt arrives at an entry. Returns one of DELIVERY_*. */
static inline uint32_t interrupt(address irte)
{
	uint32_t word0 = MEMORY[irte];
	uint32_t devid, tail, next_tail;
	struct amd_iommu *iommu;
	address entry;

	if (!(word0 & VALID))
		return DELIVERY_ABORTED;
	if (!(word0 & GUEST_MODE))
		return DELIVERY_REMAPPED;
	if (word0 & IS_RUN)
		return DELIVERY_DOORBELL;
	if (!(word0 & GA_LOG_INTR))
		return DELIVERY_PENDING;
	devid = devid_of(irte);
	iommu = iommu_of(devid);
	tail = iommu->ga_log_tail;
	next_tail = (tail + 1) & (GA_LOG_ENTRIES - 1);
	if (iommu->ga_log_overflow || next_tail == iommu->ga_log_head) {
		iommu->ga_log_overflow = 1;
		return DELIVERY_OVERFLOW;
	}
	entry = iommu->ga_log + tail * 2;
	MEMORY[entry] = MEMORY[irte + 1];
	MEMORY[entry + 1] = GA_LOG_GUEST_INTERRUPT | devid;
	iommu->ga_log_tail = next_tail;
	return DELIVERY_LOGGED;
}

/* The driver's GA log handler: it notifies of each entry, then restarts the log if it had overflowed. */
static inline void drain_ga_log(address where, void (*notify)(address iommu, uint32_t tag))
{
	struct amd_iommu *iommu = AT(amd_iommu, where);
	address log = iommu->ga_log;
	uint32_t head = iommu->ga_log_head;

	while (head != iommu->ga_log_tail) {
		uint32_t tag = MEMORY[log + head * 2];

		head = (head + 1) & (GA_LOG_ENTRIES - 1);
		iommu->ga_log_head = head;
		notify(where, tag);
	}
	iommu->ga_log_overflow = 0;
}
