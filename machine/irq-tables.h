// The devices' interrupt-remapping tables: irq-tables.ts. A lock for each table protects the writes of its entries. In 2016 a
// lock of the host protected the look-up of a table.
#pragma once

#include "irte.h"
#include "pci-segment.h"
#include "slab.h"

/* All live entries. */
static address irte_tables;

/* The lock around the look-up of a table in 2016. */
static address iommu_table_lock;

/* log2 of the words of a device's live entries. */
static uint32_t irte_table_shift;

static inline void create_irq_tables(uint32_t devices)
{
	uint32_t table_words = sizeof(struct irq_remap_table) / sizeof(uint32_t);
	uint32_t stride = host.table_placement == TABLE_PLACEMENT_LINE ? LINE_WORDS : table_words;
	struct kmem_cache *cache = NULL;
	address next = 0;

	irte_table_shift = __builtin_ctz(host.irq_table_entries * IRTE_WORDS);
	irte_tables = reserve(devices << irte_table_shift, 32);
	iommu_table_lock = reserve(LINE_WORDS, LINE_WORDS);
	if (host.table_placement == TABLE_PLACEMENT_MIXED)
		cache = kmem_cache_for(sizeof(struct irq_remap_table));
	else
		next = reserve(devices * stride, LINE_WORDS);
	for (uint32_t device = 0; device < devices; device++, next += stride) {
		address table = cache ? kmem_cache_zalloc(cache) : next;

		AT(irq_remap_table, table)->table = irte_tables + (device << irte_table_shift);
		MEMORY[AT(amd_iommu_pci_seg, pci_seg)->irq_lookup_table + devid_of(device) * POINTER_WORDS] = table;
	}
}

/* The device whose table holds an entry. */
static inline uint32_t device_at(address irte)
{
	return (irte - irte_tables) >> irte_table_shift;
}

/* The structure for a device's interrupt-remapping table, found from its IOMMU through the PCI segment. */
static always_inline struct irq_remap_table *irq_table(const struct amd_iommu *iommu, uint32_t devid)
{
	const struct amd_iommu_pci_seg *seg;
	address table;

	if (unlikely(host.table_lookup == TABLE_LOOKUP_GLOBAL_LOCK))
		lock(iommu_table_lock);
	seg = AT(amd_iommu_pci_seg, iommu->pci_seg);
	if (unlikely(!MEMORY[seg->rlookup_table + devid * POINTER_WORDS]))
		refuse("a device has no IOMMU");
	table = MEMORY[seg->irq_lookup_table + devid * POINTER_WORDS];
	if (unlikely(host.table_lookup == TABLE_LOOKUP_GLOBAL_LOCK))
		unlock(iommu_table_lock);
	return AT(irq_remap_table, table);
}

/* The live entry at an index of a table. */
static inline address irte_at(const struct irq_remap_table *table, uint32_t index)
{
	return table->table + index * IRTE_WORDS;
}

/* The lowest index of a table whose entry is zero. It stays free until the entry is written. */
static inline uint32_t free_irte_index(const struct irq_remap_table *table)
{
	for (uint32_t index = 0; index < host.irq_table_entries; index++) {
		address irte = irte_at(table, index);

		if (!(MEMORY[irte] | MEMORY[irte + 1]))
			return index;
	}
	refuse("the IRTE table of a device is full");
}

/* Writes a live entry under its table's lock. */
static always_inline void write_irte(struct irq_remap_table *table, address irte, uint32_t word0, uint32_t word1,
				     uint32_t word2, uint32_t word3)
{
	lock(ADDRESS_OF(&table->lock));
	write_live_irte(irte, word0, word1, word2, word3);
	unlock(ADDRESS_OF(&table->lock));
}

/* Writes a live entry for a load or put, and queues the commands of the host's flush policy. */
static always_inline void update_irte(struct irq_remap_table *table, address irte, uint32_t word0, uint32_t word1,
				      uint32_t word2, uint32_t word3)
{
	write_irte(table, irte, word0, word1, word2, word3);
	if (unlikely(host.flush != FLUSH_NONE))
		entry_written(device_at(irte));
}

/* Writes a live entry for any other operation, and flushes it. */
static inline void modify_irte(struct irq_remap_table *table, address irte, uint32_t word0, uint32_t word1, uint32_t word2,
			       uint32_t word3)
{
	uint32_t device = device_at(irte);
	struct amd_iommu *iommu = iommu_behind(device);

	write_irte(table, irte, word0, word1, word2, word3);
	search_dev_data(iommu, devid_of(device));
	flush(iommu);
}
