// The modelled host's memory: memory.ts. It consists of 32-bit words, and address 0 is NULL. It lies at a fixed address,
// so its base is a constant, as in a kernel. Locks are words of it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layouts.h"

#if UINTPTR_MAX < UINT64_MAX
#error the memory lies above 4 GiB
#endif

/*
 * 32 GiB: away from programs, heaps, libraries and stacks, and within the 39 bits of the smallest address space. A
 * sanitizer that keeps this range for itself needs another base.
 */
#ifndef MEMORY_BASE
#define MEMORY_BASE 0x800000000
#endif

#define MEMORY ((uint32_t *)MEMORY_BASE)

/* Holds the first address that was never handed out. */
#define TOP 1

/* The structure at an address. */
#define AT(type, where) ((struct type *)(MEMORY + (where)))

/* The address of a field, or of a whole structure. */
#define ADDRESS_OF(field) ((address)((const uint32_t *)(field) - MEMORY))

/* The structure that contains a list node. */
#define CONTAINER_OF(node, type, member) \
	AT(type, (node) - offsetof(struct type, member) / sizeof(uint32_t))

/* A read or write that may race with accesses of other CPUs on purpose. */
#define READ_ONCE(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define WRITE_ONCE(field, value) __atomic_store_n(&(field), value, __ATOMIC_RELAXED)

/* Forces inlining of what an update does: a compiler would leave it as a call, because routes use it too. */
#define always_inline inline __attribute__((always_inline))

/* For conditions that are false on the default host. */
#define unlikely(condition) __builtin_expect(condition, false)

/* Ends the program where TypeScript throws an error. The runner reads why: harness/process/child-protocol.ts. */
static inline _Noreturn __attribute__((cold)) void refuse(const char *why)
{
	printf("{\"ended\":\"it refused: %s\"}\n", why);
	exit(1);
}

/* A size in bytes, rounded up to whole cache lines. */
static inline uint32_t align_to_line(uint32_t bytes)
{
	uint32_t line = LINE_WORDS * sizeof(uint32_t);

	return (bytes + line - 1) / line * line;
}

/* Hands out zeroed words that are never freed. The address is a multiple of `align`, in words. */
static inline address reserve(uint32_t words, uint32_t align)
{
	uint64_t where = ((uint64_t)MEMORY[TOP] + align - 1) / align * align;

	if (where + words > MEMORY_WORDS) {
		printf("{\"unable\":\"the modelled host is out of memory: it has %u words\"}\n", MEMORY_WORDS);
		exit(1);
	}
	MEMORY[TOP] = (address)where + words;
	/* They are zero, and now the system has provided their pages too. */
	memset(MEMORY + where, 0, words * sizeof(uint32_t));
	return (address)where;
}

static inline void pause_spinning(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Whether several threads run operations. With one thread, a lock that is already held is a bug. */
static bool has_threads;

/* Takes the lock word at an address, and spins while it is held. */
static inline void lock(address where)
{
	for (;;) {
		uint32_t expected = 0;

		if (__atomic_compare_exchange_n(MEMORY + where, &expected, 1, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return;
		if (!has_threads)
			refuse("a lock is taken while it is held");
		while (__atomic_load_n(MEMORY + where, __ATOMIC_RELAXED))
			pause_spinning();
	}
}

static inline void unlock(address where)
{
	__atomic_store_n(MEMORY + where, 0, __ATOMIC_RELEASE);
}

/* Takes the lock that is bit 0 of a word, like bit_spin_lock(). The other bits stay. */
static inline void lock_bit(address where)
{
	while (__atomic_fetch_or(MEMORY + where, 1, __ATOMIC_ACQUIRE) & 1) {
		if (!has_threads)
			refuse("a lock bit is taken while it is held");
		while (__atomic_load_n(MEMORY + where, __ATOMIC_RELAXED) & 1)
			pause_spinning();
	}
}

/* Only the holder of the lock writes the word. */
static inline void unlock_bit(address where)
{
	__atomic_store_n(MEMORY + where, MEMORY[where] & ~1u, __ATOMIC_RELEASE);
}
