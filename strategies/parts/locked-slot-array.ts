// Growing arrays of owners that have a lock, which several CPUs take.
import { type Address, NULL } from '../../machine/memory.js';
import { slotArraysIn } from './slot-array.js';

/** The arrays of a host. */
export function lockedSlotArraysIn(...args: Parameters<typeof slotArraysIn>) {
  const [{ memory }, , at] = args;
  const { allocate, discard, moveTo, ...arrays } = slotArraysIn(...args);
  return {
    ...arrays,

    /** Takes the lock of an owner's array when it has room for one more slot. It allocates before it takes the lock. */
    lockWithRoom(owner: Address, lock: Address): void {
      for (;;) {
        const capacity = memory.readOnce(owner + at.capacity);
        const isFull = memory.readOnce(owner + at.count) === capacity;
        const larger = isFull ? allocate(2 * capacity) : NULL;
        memory.lock(lock);
        // Another route may have filled the array, or replaced it.
        const isAsBefore = memory.load(owner + at.capacity) === capacity;
        const hasRoom = memory.load(owner + at.count) < memory.load(owner + at.capacity);
        if (!hasRoom && isAsBefore && larger !== NULL) {
          moveTo(larger, owner);
          return;
        }
        if (larger !== NULL) discard(larger, 2 * capacity);
        if (hasRoom) return;
        memory.unlock(lock);
      }
    },
  };
}
