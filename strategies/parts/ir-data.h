// The IOMMU driver's writes of one irq's IRTE: ir-data.ts. An update edits the shadow entry and then commits it to
// the live entry. The caller holds a lock that serialises the updates of this irq.
#pragma once

#include "layouts.h"

/* The design's variant of the structure. */
#ifndef IR_DATA
#define IR_DATA amd_ir_data
#endif

/*
 * Copies the shadow entry to the live entry. It reads word by word, as the words were written. A CPU cannot forward a
 * just stored word to a load of two words and stalls, which cost 8% to 10% of an update on many-queues with GCC 12.
 * The kernel's entry is two 64-bit integers, written and read as such.
 */
static inline void commit(const struct IR_DATA *ir_data)
{
	const volatile uint32_t *entry = MEMORY + ir_data->entry;

	update_irte(irq_table(ir_data->irq2_irte & 0xffff), ir_data->ref, entry[0], entry[1], entry[2], entry[3]);
}

static inline bool is_guest_mode(const struct IR_DATA *ir_data)
{
	return MEMORY[ir_data->entry] & GUEST_MODE;
}

/* Sets is_run and the destination in the shadow entry. NO_CPU keeps the destination. */
static inline void set_run_state(const struct IR_DATA *ir_data, int32_t cpu, bool is_run)
{
	uint32_t *entry = MEMORY + ir_data->entry;
	uint32_t word0 = entry[0] & ~IS_RUN;
	uint32_t flag = is_run ? IS_RUN : 0;

	if (cpu == NO_CPU) {
		entry[0] = word0 | flag;
		return;
	}
	entry[0] = with_destination_lo(word0, cpu) | flag;
	entry[3] = with_destination_hi(entry[3], cpu);
}

/* Sets the root pointer in the shadow entry. */
static inline void set_root_page(const struct IR_DATA *ir_data, uint32_t root_page)
{
	uint32_t *entry = MEMORY + ir_data->entry;

	entry[2] = with_root_lo(entry[2], root_page);
	entry[3] = with_root_hi(entry[3], root_page);
}

/* Sets ga_log_intr in the shadow entry. */
static inline void set_ga_log_intr(const struct IR_DATA *ir_data, bool on)
{
	uint32_t *entry = MEMORY + ir_data->entry;

	entry[0] = (entry[0] & ~GA_LOG_INTR) | (on ? GA_LOG_INTR : 0);
}
