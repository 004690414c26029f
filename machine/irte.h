// The interrupt-remapping table entry: irte.ts.
#pragma once

#include "memory.h"

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

/* Word 0 of a remap-mode entry for a logical destination; word 2 is the vector, words 1 and 3 are 0. */
static inline uint32_t remap_word0(uint32_t logical_destination)
{
	return with_destination_lo(REMAP_FLAGS, logical_destination);
}

/* Writes the 128 bits of a live entry. On x86-64 it is one atomic write, as in Linux since 2020. */
static always_inline void write_live_irte(address irte, uint32_t word0, uint32_t word1, uint32_t word2, uint32_t word3)
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
