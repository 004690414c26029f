// Growing arrays: an owner, such as a vCPU, has slots that an update reads one after the other, and behind them a pointer from
// each slot back to the object that it belongs to. The first slots lie in the owner. A full array is replaced by one of twice
// its size; none ever shrinks.
import type { Machine } from '../../machine/machine.js';
import { type Address, WORD_BYTES } from '../../machine/memory.js';

/** The owner's fields; `inlineSlots` follows, with its first slots and their back pointers. */
export const SLOT_ARRAY = { count: 'u32', capacity: 'u32', slots: 'pointer' } as const;

/** Offsets of the owner's fields. */
type At = { readonly [K in keyof typeof SLOT_ARRAY | 'inlineSlots']: number };

/**
 * The arrays of a host.
 *
 * @param struct - The name of an array's type, for failures.
 * @param slotWords - Words of a slot.
 * @param inlineCapacity - Slots that lie in the owner.
 */
export function slotArraysIn(
  machine: Machine,
  struct: string,
  at: At,
  slotWords: number,
  inlineCapacity: number,
) {
  const { memory } = machine;
  const { pointerBytes } = machine.host;
  const pointerWords = pointerBytes / WORD_BYTES;
  const bytesOf = (capacity: number): number => capacity * (slotWords * WORD_BYTES + pointerBytes);
  const allocate = (capacity: number): Address => machine.kmalloc(bytesOf(capacity), struct);

  const slotAt = (owner: Address, index: number): Address =>
    memory.load(owner + at.slots) + index * slotWords;
  const backAt = (owner: Address, index: number): Address =>
    slotAt(owner, memory.load(owner + at.capacity)) + index * pointerWords;

  function copy(from: Address, to: Address, words: number): void {
    for (let word = 0; word < words; word++) memory.store(to + word, memory.load(from + word));
  }

  const discard = (array: Address, capacity: number): void => machine.kfree(array, bytesOf(capacity));

  function free(owner: Address): void {
    const slots = memory.load(owner + at.slots);
    if (slots !== owner + at.inlineSlots) discard(slots, memory.load(owner + at.capacity));
  }

  /** Moves an owner's slots to an array of twice their number. */
  function moveTo(larger: Address, owner: Address): void {
    const capacity = memory.load(owner + at.capacity);
    copy(slotAt(owner, 0), larger, capacity * slotWords);
    copy(backAt(owner, 0), larger + 2 * capacity * slotWords, capacity * pointerWords);
    free(owner);
    memory.store(owner + at.slots, larger);
    memory.store(owner + at.capacity, 2 * capacity);
  }

  return {
    slotAt,
    free,
    allocate,
    discard,
    moveTo,

    init(owner: Address): void {
      memory.store(owner + at.slots, owner + at.inlineSlots);
      memory.store(owner + at.capacity, inlineCapacity);
    },

    /** The address behind an owner's last slot. */
    end: (owner: Address): Address => slotAt(owner, memory.load(owner + at.count)),

    /** Makes room for one more slot. */
    makeRoom(owner: Address): void {
      const capacity = memory.load(owner + at.capacity);
      if (memory.load(owner + at.count) === capacity) moveTo(allocate(2 * capacity), owner);
    },

    /** Adds a slot for an object. @returns Its index. */
    append(owner: Address, object: Address): number {
      const index = memory.load(owner + at.count);
      memory.store(backAt(owner, index), object);
      memory.store(owner + at.count, index + 1);
      return index;
    },

    /** Removes a slot; the last one takes its place. @returns The object of the slot that moved. */
    remove(owner: Address, index: number): Address {
      const last = memory.load(owner + at.count) - 1;
      const moved = memory.load(backAt(owner, last));
      copy(slotAt(owner, last), slotAt(owner, index), slotWords);
      memory.store(backAt(owner, index), moved);
      memory.store(owner + at.count, last);
      return moved;
    },
  };
}
