// Growing arrays of slots in an owner, with a pointer from each slot back to the object that it belongs to: slot-array.ts.
// Define OWNER and SLOT, the names of the structures, and INLINE_CAPACITY, the slots that lie in the owner, before this file.
#pragma once

#include "layouts.h"

static inline uint32_t array_bytes(uint32_t capacity)
{
	return capacity * (sizeof(struct SLOT) + POINTER_BYTES);
}

static inline struct SLOT *slot_at(const struct OWNER *owner, uint32_t index)
{
	return AT(SLOT, owner->slots) + index;
}

static inline address *back_at(const struct OWNER *owner, uint32_t index)
{
	return (address *)slot_at(owner, owner->capacity) + index * POINTER_WORDS;
}

static inline void init_array(struct OWNER *owner)
{
	owner->slots = ADDRESS_OF(owner->inline_slots);
	owner->capacity = INLINE_CAPACITY;
}

static inline void free_array(const struct OWNER *owner)
{
	if (owner->slots != ADDRESS_OF(owner->inline_slots))
		kfree(owner->slots, array_bytes(owner->capacity));
}

/* Moves an owner's slots to an array of twice their number. */
static inline void move_array(struct OWNER *owner, address larger)
{
	uint32_t capacity = owner->capacity;

	memcpy(AT(SLOT, larger), slot_at(owner, 0), capacity * sizeof(struct SLOT));
	memcpy(AT(SLOT, larger) + 2 * capacity, back_at(owner, 0), capacity * POINTER_BYTES);
	free_array(owner);
	owner->slots = larger;
	owner->capacity = 2 * capacity;
}

/* Makes room for one more slot. */
static inline void make_room(struct OWNER *owner)
{
	if (owner->count == owner->capacity)
		move_array(owner, kzalloc(array_bytes(2 * owner->capacity)));
}

/* Takes the lock of an owner's array when it has room for one more slot. It allocates before it takes the lock. */
static inline void lock_with_room(struct OWNER *owner, address array_lock)
{
	for (;;) {
		uint32_t capacity = READ_ONCE(owner->capacity);
		address larger = 0;
		bool has_room;

		if (READ_ONCE(owner->count) == capacity)
			larger = kzalloc(array_bytes(2 * capacity));
		lock(array_lock);
		/* Another route may have filled the array, or replaced it. */
		has_room = owner->count < owner->capacity;
		if (!has_room && owner->capacity == capacity && larger) {
			move_array(owner, larger);
			return;
		}
		if (larger)
			kfree(larger, array_bytes(2 * capacity));
		if (has_room)
			return;
		unlock(array_lock);
	}
}

/* Adds a slot for an object, and returns its index. */
static inline uint32_t append_slot(struct OWNER *owner, address object)
{
	uint32_t index = owner->count;

	*back_at(owner, index) = object;
	owner->count = index + 1;
	return index;
}

/* Removes a slot, whose place the last one takes. Returns the object of the slot that moved. */
static inline address remove_slot(struct OWNER *owner, uint32_t index)
{
	uint32_t last = owner->count - 1;
	address moved = *back_at(owner, last);

	*slot_at(owner, index) = *slot_at(owner, last);
	*back_at(owner, index) = moved;
	owner->count = last;
	return moved;
}
