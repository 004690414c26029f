// Slabs of fixed-size objects, and kmalloc's size classes on top: slab.ts.
#pragma once

#include "lists.h"
#include "random.h"

/* A slab's record in memory. */
struct slab {
	address free_list;
	uint32_t live;
};

/* Objects of one size, in bytes. */
struct kmem_cache {
	address slab;
	uint32_t size;
};

static const uint32_t kmalloc_classes[] = KMALLOC_CLASSES;

#define KMALLOC_CLASS_COUNT (sizeof(kmalloc_classes) / sizeof(kmalloc_classes[0]))

/* One for each class, and one for each power of two. */
static struct kmem_cache kmem_caches[KMALLOC_CLASS_COUNT + 32];

/* The order of a scattered heap. */
static struct random heap_order;

/* The cache for objects of `bytes` bytes. */
static inline struct kmem_cache *kmem_cache_for(uint32_t bytes)
{
	uint32_t number = 0, size;
	struct kmem_cache *cache;

	while (number < KMALLOC_CLASS_COUNT && kmalloc_classes[number] < bytes)
		number++;
	if (number < KMALLOC_CLASS_COUNT) {
		size = kmalloc_classes[number];
	} else {
		uint32_t bits = 32 - __builtin_clz(bytes - 1);

		number += bits;
		size = 1u << bits;
	}
	cache = &kmem_caches[number];
	if (!cache->slab)
		*cache = (struct kmem_cache){ reserve(sizeof(struct slab) / sizeof(uint32_t), LINE_WORDS), size };
	return cache;
}

/* Fills the free list with a new chunk, whose objects come out in the order of the host's heap. */
static inline void slab_grow(struct kmem_cache *cache)
{
	uint32_t chunk_bytes = host.heap == HEAP_SCATTERED ? SCATTERED_CHUNK_BYTES : PACKED_CHUNK_BYTES;
	uint32_t count = cache->size < chunk_bytes ? chunk_bytes / cache->size : 1;
	uint32_t words = cache->size / sizeof(uint32_t);
	address page = reserve(count * words, PACKED_CHUNK_BYTES / sizeof(uint32_t));
	address next = 0;
	uint32_t *order = malloc(count * sizeof(*order));

	if (host.heap == HEAP_SCATTERED)
		random_permutation(&heap_order, order, count);
	for (uint32_t index = count; index-- > 0;) {
		address object = page + (host.heap == HEAP_SCATTERED ? order[index] : index) * words;

		MEMORY[object] = next;
		next = object;
	}
	free(order);
	AT(slab, cache->slab)->free_list = next;
}

/* A zeroed object. */
static inline address kmem_cache_zalloc(struct kmem_cache *cache)
{
	struct slab *slab = AT(slab, cache->slab);
	address object;

	if (!slab->free_list)
		slab_grow(cache);
	object = slab->free_list;
	slab->free_list = MEMORY[object];
	slab->live++;
	memset(MEMORY + object, 0, cache->size);
	return object;
}

static inline void kmem_cache_free(struct kmem_cache *cache, address object)
{
	struct slab *slab = AT(slab, cache->slab);

	MEMORY[object] = slab->free_list;
	slab->free_list = object;
	slab->live--;
}

/* A zeroed object for a size that is known only at the call. */
static inline address kzalloc(uint32_t bytes)
{
	return kmem_cache_zalloc(kmem_cache_for(bytes));
}

/* Frees an object of kzalloc(); `bytes` is the size that was asked for. */
static inline void kfree(address object, uint32_t bytes)
{
	kmem_cache_free(kmem_cache_for(bytes), object);
}

/* Zeroed memory for the life of the host, such as a hash table. */
static inline address boot_alloc(uint32_t bytes)
{
	return reserve((bytes + sizeof(uint32_t) - 1) / sizeof(uint32_t), LINE_WORDS);
}
