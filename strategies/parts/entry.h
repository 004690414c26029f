// The words of a guest-mode entry, from zero and with another run state: entry.ts. `cpu` is the physical APIC id of the vCPU's
// CPU, or NO_CPU.
#pragma once

#include "layouts.h"

static inline uint32_t guest_word0(int32_t cpu, bool ga_log_intr)
{
	uint32_t flags = VALID | GUEST_MODE | (ga_log_intr ? GA_LOG_INTR : 0);

	return cpu == NO_CPU ? flags : with_destination_lo(flags | IS_RUN, cpu);
}

static inline uint32_t guest_word3(int32_t cpu, uint32_t root_page)
{
	return with_root_hi(cpu == NO_CPU ? 0 : with_destination_hi(0, cpu), root_page);
}

/* Word 0 with another run state. NO_CPU keeps the destination. */
static inline uint32_t run_word0(uint32_t word0, int32_t cpu)
{
	return cpu == NO_CPU ? word0 & ~IS_RUN : with_destination_lo(word0 | IS_RUN, cpu);
}

static inline uint32_t run_word3(uint32_t word3, int32_t cpu)
{
	return cpu == NO_CPU ? word3 : with_destination_hi(word3, cpu);
}
