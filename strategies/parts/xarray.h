// A simplified xarray, which gives out indices and finds the entry of an index: xarray.ts.
#pragma once

#include "layouts.h"

#define XA_CHUNK_SIZE (1u << XA_CHUNK_SHIFT)

static address svm_vcpus;
static uint32_t xa_last_index;
static struct kmem_cache *xa_node_cache;

static inline void create_xarray(uint32_t last_index)
{
	svm_vcpus = boot_alloc(LINE_WORDS * sizeof(uint32_t));
	xa_last_index = last_index;
	xa_node_cache = kmem_cache_for(sizeof(struct xa_node));
	AT(xarray, svm_vcpus)->next = host.first_vm_id;
}

static inline struct xarray *xarray(void)
{
	return AT(xarray, svm_vcpus);
}

static inline void lock_xarray(void)
{
	lock(ADDRESS_OF(&xarray()->xa_lock));
}

static inline void unlock_xarray(void)
{
	unlock(ADDRESS_OF(&xarray()->xa_lock));
}

static inline uint32_t xa_offset(uint32_t shift, uint32_t index)
{
	return index >> shift & (XA_CHUNK_SIZE - 1);
}

static inline bool xa_is_beyond(uint32_t shift, uint32_t index)
{
	return index >> shift >= XA_CHUNK_SIZE;
}

static inline bool xa_is_full(const struct xa_node *node)
{
	return !node->free[0] && !node->free[1];
}

/* Makes a node below which all indices are free. */
static inline address xa_create_node(uint32_t shift, address parent, uint32_t offset)
{
	address created = kmem_cache_zalloc(xa_node_cache);
	struct xa_node *node = AT(xa_node, created);

	node->shift = shift;
	node->offset = offset;
	node->parent = parent;
	node->free[0] = UINT32_MAX;
	node->free[1] = UINT32_MAX;
	return created;
}

static inline address xa_slot(address node, uint32_t offset)
{
	return AT(xa_node, node)->slots[offset * POINTER_WORDS];
}

static inline void xa_set_slot(address node, uint32_t offset, address entry)
{
	AT(xa_node, node)->slots[offset * POINTER_WORDS] = entry;
	AT(xa_node, node)->count += entry ? 1 : -1;
}

/* Sets or clears the free mark of a slot. It goes up as long as a node becomes full or ceases to be. */
static inline void xa_mark(address where, uint32_t offset, bool is_free)
{
	while (where) {
		struct xa_node *node = AT(xa_node, where);
		bool was_full = xa_is_full(node);
		uint32_t bit = 1u << (offset & 31);

		if (is_free)
			node->free[offset >> 5] |= bit;
		else
			node->free[offset >> 5] &= ~bit;
		if (xa_is_full(node) == was_full)
			return;
		offset = node->offset;
		where = node->parent;
	}
}

/* The node of the lowest level that has a slot for an index; NULL if there is none. */
static inline address xa_leaf(uint32_t index)
{
	address node = xarray()->xa_head;
	uint32_t shift;

	if (!node)
		return 0;
	shift = AT(xa_node, node)->shift;
	if (xa_is_beyond(shift, index))
		return 0;
	for (; shift && node; shift -= XA_CHUNK_SHIFT)
		node = xa_slot(node, xa_offset(shift, index));
	return node;
}

/* The first slot from `slot` on with a free index below it; XA_CHUNK_SIZE if there is none. */
static inline uint32_t xa_free_slot(address node, uint32_t slot)
{
	for (; slot < XA_CHUNK_SIZE; slot = (slot | 31) + 1) {
		uint32_t marks = AT(xa_node, node)->free[slot >> 5] >> (slot & 31);

		if (marks)
			return slot + __builtin_ctz(marks);
	}
	return XA_CHUNK_SIZE;
}

/* The lowest free index from `index` on. There need not be a node for it. */
static inline uint32_t xa_find_free(uint32_t index)
{
	address node = xarray()->xa_head;

	if (node && xa_is_beyond(AT(xa_node, node)->shift, index))
		return index;
	while (node) {
		uint32_t shift = AT(xa_node, node)->shift;
		uint32_t offset = xa_offset(shift, index);
		uint32_t slot = xa_free_slot(node, offset);

		if (slot > offset)
			index = ((index >> shift) - offset + slot) << shift;
		if (slot == XA_CHUNK_SIZE)
			return xa_find_free(index);
		if (!shift)
			return index;
		node = xa_slot(node, slot);
	}
	return index;
}

/* Puts a level above the top node. That node is not full, because index 0 is free. */
static inline address xa_grow(address top)
{
	address node = xa_create_node(AT(xa_node, top)->shift + XA_CHUNK_SHIFT, 0, 0);

	xa_set_slot(node, 0, top);
	AT(xa_node, top)->parent = node;
	xarray()->xa_head = node;
	return node;
}

/* Removes levels above the only used slot 0, like xas_shrink(). */
static inline void xa_shrink(void)
{
	address top = xarray()->xa_head;

	while (top && AT(xa_node, top)->shift && AT(xa_node, top)->count == 1) {
		address below = xa_slot(top, 0);

		if (!below)
			return;
		AT(xa_node, below)->parent = 0;
		xarray()->xa_head = below;
		kmem_cache_free(xa_node_cache, top);
		top = below;
	}
}

static inline void xa_insert(uint32_t index, address entry)
{
	address node = xarray()->xa_head;
	uint32_t shift = 0;

	if (!node) {
		while (xa_is_beyond(shift, index))
			shift += XA_CHUNK_SHIFT;
		node = xa_create_node(shift, 0, 0);
		xarray()->xa_head = node;
	}
	while (xa_is_beyond(AT(xa_node, node)->shift, index))
		node = xa_grow(node);
	for (shift = AT(xa_node, node)->shift; shift; shift -= XA_CHUNK_SHIFT) {
		uint32_t offset = xa_offset(shift, index);
		address below = xa_slot(node, offset);

		if (!below) {
			below = xa_create_node(shift - XA_CHUNK_SHIFT, node, offset);
			xa_set_slot(node, offset, below);
		}
		node = below;
	}
	xa_set_slot(node, xa_offset(0, index), entry);
	xa_mark(node, xa_offset(0, index), false);
}

/* Stores an entry at the lowest free index after the last one given out, or else from 1 on. */
static inline uint32_t xa_alloc_cyclic(address entry)
{
	uint32_t index;

	lock_xarray();
	index = xa_find_free(xarray()->next);
	if (index > xa_last_index)
		index = xa_find_free(1);
	if (index > xa_last_index) {
		unlock_xarray();
		refuse("all indices are in use");
	}
	xa_insert(index, entry);
	xarray()->next = index + 1;
	unlock_xarray();
	return index;
}

/* Frees an index that is in use, and the nodes that become empty. */
static inline void xa_erase(uint32_t index)
{
	address node;

	lock_xarray();
	node = xa_leaf(index);
	xa_set_slot(node, xa_offset(0, index), 0);
	xa_mark(node, xa_offset(0, index), true);
	while (node && !AT(xa_node, node)->count) {
		address parent = AT(xa_node, node)->parent;

		if (parent)
			xa_set_slot(parent, AT(xa_node, node)->offset, 0);
		else
			xarray()->xa_head = 0;
		kmem_cache_free(xa_node_cache, node);
		node = parent;
	}
	xa_shrink();
	unlock_xarray();
}

/* The entry at an index; 0 if the index is free. Under the lock. */
static inline address xa_find(uint32_t index)
{
	address node = xa_leaf(index);

	return node ? xa_slot(node, xa_offset(0, index)) : 0;
}
