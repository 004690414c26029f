// The modelled host's memory: 32-bit words, address 0 is NULL. It lies at a fixed address, so its base is a constant,
// as in a kernel. Only the locks that a strategy takes protect it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layouts.h"

#if UINTPTR_MAX < UINT64_MAX
#error the memory lies above 4 GiB
#endif

/* 32 GiB: away from programs, heaps, libraries and stacks, and within the 39 bits of the smallest address space. */
#define MEMORY ((uint32_t *)0x800000000)

/* The structure at an address. */
#define AT(type, where) ((struct type *)(MEMORY + (where)))

/* The address of a field in it. */
#define ADDRESS_OF(field) ((address)((uint32_t *)(field) - MEMORY))

/* The structure that contains a list node. */
#define CONTAINER_OF(node, type, member) \
	AT(type, (node) - offsetof(struct type, member) / sizeof(uint32_t))

/* A write that may race with accesses of other CPUs on purpose. */
#define WRITE_ONCE(field, value) __atomic_store_n(&(field), value, __ATOMIC_RELAXED)

static inline void pause_spinning(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Takes the lock word at an address, and spins while it is held. */
static inline void lock(address where)
{
	for (;;) {
		uint32_t expected = 0;

		if (__atomic_compare_exchange_n(MEMORY + where, &expected, 1, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return;
		while (__atomic_load_n(MEMORY + where, __ATOMIC_RELAXED))
			pause_spinning();
	}
}

static inline void unlock(address where)
{
	__atomic_store_n(MEMORY + where, 0, __ATOMIC_RELEASE);
}
