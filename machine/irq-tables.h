// The devices' interrupt-remapping tables: irq-tables.ts. A lock for each table protects the
// writes of entries; with tableLock=global, as in 2016, one lock for all tables.
#pragma once

#include "iommus.h"
#include "irte.h"

/* All live entries, the driver's structures for the devices' tables, and pointers to these, indexed by device id. */
static address irte_tables;
static address irq_remap_tables;
static address irq_lookup_table;

/* The lock of all tables in 2016. */
static address iommu_table_lock;

/* log2 of the words of a device's live entries. */
static uint32_t irte_table_shift;

static inline void create_irq_tables(uint32_t devices)
{
	irte_table_shift = __builtin_ctz(host.irq_table_entries * IRTE_WORDS);
	irte_tables = reserve(devices << irte_table_shift, 32);
	irq_remap_tables = reserve(devices * (sizeof(struct irq_remap_table) / sizeof(uint32_t)), LINE_WORDS);
	irq_lookup_table = reserve(MAX_DEVICES * POINTER_WORDS, LINE_WORDS);
	iommu_table_lock = reserve(LINE_WORDS, LINE_WORDS);
	for (uint32_t devid = 0; devid < devices; devid++) {
		struct irq_remap_table *table = AT(irq_remap_table, irq_remap_tables) + devid;

		table->table = irte_tables + (devid << irte_table_shift);
		MEMORY[irq_lookup_table + devid * POINTER_WORDS] = ADDRESS_OF(table);
	}
}

static inline uint32_t devid_of(address irte)
{
	return (irte - irte_tables) >> irte_table_shift;
}

/* The structure for a device's interrupt-remapping table, looked up by device id. */
static inline struct irq_remap_table *irq_table(uint32_t devid)
{
	return AT(irq_remap_table, MEMORY[irq_lookup_table + devid * POINTER_WORDS]);
}

/* The same, from the address of one of its entries. No kernel can do this, so it is for lower bounds only. */
static inline struct irq_remap_table *irq_table_of(address irte)
{
	return AT(irq_remap_table, irq_remap_tables) + devid_of(irte);
}

/* The live entry at an index of a device's table. */
static inline address irte_at(uint32_t devid, uint32_t index)
{
	return irte_tables + (devid << irte_table_shift) + index * IRTE_WORDS;
}

/* The lowest index of a device's table whose entry is zero. It stays free until the entry is written. */
static inline uint32_t free_irte_index(uint32_t devid)
{
	for (uint32_t index = 0; index < host.irq_table_entries; index++) {
		address irte = irte_at(devid, index);

		if (!(MEMORY[irte] | MEMORY[irte + 1]))
			return index;
	}
	refuse("the IRTE table of a device is full");
}

/* Writes a live entry under its table's lock, and queues the commands of the host's flush policy. */
static always_inline void update_irte(struct irq_remap_table *table, address irte, uint32_t word0, uint32_t word1,
			       uint32_t word2, uint32_t word3)
{
	address table_lock = ADDRESS_OF(&table->lock);

	if (unlikely(host.table_lock == TABLE_LOCK_GLOBAL))
		table_lock = iommu_table_lock;
	lock(table_lock);
	write_live_irte(irte, word0, word1, word2, word3);
	unlock(table_lock);
	if (unlikely(host.flush != FLUSH_NONE))
		entry_written(devid_of(irte));
}
