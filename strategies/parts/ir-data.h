// The IOMMU driver's structure for one irq, and its writes of the irq's IRTE: ir-data.ts. An update edits the shadow
// entry and then commits it to the live entry. The caller holds a lock that serialises the updates of this irq.
#pragma once

#include "entry.h"
#include "way-to-irte.h"

static struct kmem_cache *ir_data_cache;
static struct kmem_cache *entry_cache;

static inline void create_ir_data(void)
{
	ir_data_cache = kmem_cache_for(align_to_line(sizeof(struct IR_DATA)));
	entry_cache = kmem_cache_for(IRTE_WORDS * sizeof(uint32_t));
}

/*
 * Copies the shadow entry to the live entry, for a load or put. It reads word by word, as the words were written: a load of 64
 * bits that were just stored as two words waits for both stores, which cost 8% to 10% of an update on many-queues with GCC 12.
 * The kernel's entry is two 64-bit integers, written and read as such.
 */
static always_inline void commit(const struct IR_DATA *ir_data)
{
	struct irq_remap_table *table = table_of(ir_data);
	address irte = irte_of(ir_data, table);
	const volatile uint32_t *entry = MEMORY + ir_data->entry;

	update_irte(table, irte, entry[0], entry[1], entry[2], entry[3]);
}

/* Writes both entries of an irq. */
static inline void set_entry(const struct IR_DATA *ir_data, uint32_t word0, uint32_t word1, uint32_t word2, uint32_t word3)
{
	uint32_t *entry = MEMORY + ir_data->entry;

	entry[0] = word0;
	entry[1] = word1;
	entry[2] = word2;
	entry[3] = word3;
	modify(ir_data, word0, word1, word2, word3);
}

/* Writes the remap entry of the irq's irq_cfg. */
static inline void set_remap_entry(const struct IR_DATA *ir_data)
{
	const struct irq_cfg *cfg = AT(irq_cfg, ir_data->cfg);

	set_entry(ir_data, remap_word0(cfg->destination), 0, cfg->vector, 0);
}

static inline struct IR_DATA *alloc_ir_data(uint32_t irq, uint32_t devid)
{
	struct amd_iommu *iommu = iommu_of(devid);
	struct irq_remap_table *table = irq_table(iommu, devid);
	uint32_t index = free_irte_index(table);
	struct IR_DATA *ir_data = AT(IR_DATA, kmem_cache_zalloc(ir_data_cache));

	set_way(ir_data, iommu, table, irte_at(table, index));
	ir_data->irq2_irte = index << 16 | devid;
	ir_data->entry = kmem_cache_zalloc(entry_cache);
	ir_data->cfg = create_irq_cfg(irq);
	set_remap_entry(ir_data);
	return ir_data;
}

static inline void free_ir_data(const struct IR_DATA *ir_data)
{
	modify(ir_data, 0, 0, 0, 0);
	free_irq_cfg(ir_data->cfg);
	kmem_cache_free(entry_cache, ir_data->entry);
	kmem_cache_free(ir_data_cache, ADDRESS_OF(ir_data));
}

static inline bool is_guest_mode(const struct IR_DATA *ir_data)
{
	return MEMORY[ir_data->entry] & GUEST_MODE;
}

/* Returns the irq to the host. */
static inline void set_remap_mode(struct IR_DATA *ir_data)
{
	search_dev_data(ir_data_iommu(ir_data), ir_data_devid(ir_data));
	ir_data->ga_tag = 0;
	set_remap_entry(ir_data);
}

/* `cpu` is the CPU of the vCPU, or NO_CPU. */
static inline void set_guest_mode(struct IR_DATA *ir_data, uint32_t tag, uint32_t root_page, uint32_t vector,
				  int32_t cpu, bool ga_log_intr)
{
	search_dev_data(ir_data_iommu(ir_data), ir_data_devid(ir_data));
	ir_data->ga_tag = tag;
	ir_data->ga_root_ptr = root_page;
	ir_data->ga_vector = vector;
	set_entry(ir_data, guest_word0(cpu, ga_log_intr), tag, with_root_lo(vector, root_page),
		  guest_word3(cpu, root_page));
}

/* Sets is_run and the destination in the shadow entry. NO_CPU keeps the destination. */
static inline void set_run_state(const struct IR_DATA *ir_data, int32_t cpu)
{
	uint32_t *entry = MEMORY + ir_data->entry;

	entry[0] = run_word0(entry[0], cpu);
	if (cpu != NO_CPU)
		entry[3] = run_word3(entry[3], cpu);
}

/* Sets the root pointer in the shadow entry. */
static inline void set_root_page(const struct IR_DATA *ir_data, uint32_t root_page)
{
	uint32_t *entry = MEMORY + ir_data->entry;

	entry[2] = with_root_lo(entry[2], root_page);
	entry[3] = with_root_hi(entry[3], root_page);
}

/* Updates an entry in guest mode as the patch of 2016 does: run state, and the root pointer, which has not changed. */
static always_inline void update_entry(const struct IR_DATA *ir_data, int32_t cpu, uint32_t root_page)
{
	if (!is_guest_mode(ir_data))
		return;
	set_root_page(ir_data, root_page);
	set_run_state(ir_data, cpu);
	commit(ir_data);
}

/* Sets ga_log_intr in the shadow entry. */
static inline void set_ga_log_intr(const struct IR_DATA *ir_data, bool on)
{
	uint32_t *entry = MEMORY + ir_data->entry;

	entry[0] = (entry[0] & ~GA_LOG_INTR) | (on ? GA_LOG_INTR : 0);
}
