// The kernel's kinds of lists: lists.ts. The caller holds the lock that protects one.
#pragma once

#include "memory.h"

/* Puts `node` at the front of the list whose head is the pointer at `head`. */
static inline void hlist_add_head(address node, address head)
{
	address first = MEMORY[head];

	AT(hlist_node, node)->next = first;
	AT(hlist_node, node)->pprev = head;
	if (first)
		AT(hlist_node, first)->pprev = node;
	MEMORY[head] = node;
}

/* Takes `node` off its list. */
static inline void hlist_del(address node)
{
	address next = AT(hlist_node, node)->next;
	address pprev = AT(hlist_node, node)->pprev;

	MEMORY[pprev] = next;
	if (next)
		AT(hlist_node, next)->pprev = pprev;
	AT(hlist_node, node)->next = 0;
	AT(hlist_node, node)->pprev = 0;
}

/* The first node of an hlist_bl, whose lock is bit 0 of its head; NULL if it is empty. Under the lock, as what follows. */
static inline address hlist_bl_first(address head)
{
	return MEMORY[head] & ~1u;
}

/* Puts `node` at the front of the hlist_bl at `head`. */
static inline void hlist_bl_add_head(address node, address head)
{
	address first = hlist_bl_first(head);

	AT(hlist_node, node)->next = first;
	AT(hlist_node, node)->pprev = head;
	if (first)
		AT(hlist_node, first)->pprev = node;
	MEMORY[head] = node | 1;
}

/* Takes `node` off its hlist_bl. The bit of a head before it stays. */
static inline void hlist_bl_del(address node)
{
	address next = AT(hlist_node, node)->next;
	address pprev = AT(hlist_node, node)->pprev;

	MEMORY[pprev] = next | (MEMORY[pprev] & 1);
	if (next)
		AT(hlist_node, next)->pprev = pprev;
	AT(hlist_node, node)->next = 0;
	AT(hlist_node, node)->pprev = 0;
}

/* Makes `head` an empty ring. */
static inline void list_init(address head)
{
	AT(list_head, head)->next = head;
	AT(list_head, head)->prev = head;
}

/* Puts `node` right after `head`. */
static inline void list_add(address node, address head)
{
	address next = AT(list_head, head)->next;

	AT(list_head, next)->prev = node;
	AT(list_head, node)->next = next;
	AT(list_head, node)->prev = head;
	AT(list_head, head)->next = node;
}

/* Takes `node` off its ring. */
static inline void list_del(address node)
{
	address next = AT(list_head, node)->next;
	address prev = AT(list_head, node)->prev;

	AT(list_head, next)->prev = prev;
	AT(list_head, prev)->next = next;
	AT(list_head, node)->next = 0;
	AT(list_head, node)->prev = 0;
}
