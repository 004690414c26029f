import { type Address, Memory } from './memory.js';

/**
 * A memory that threads share: its locks are atomic, and who finds one held spins until it is free, as test and
 * test-and-set does. What is not a lock is read and written as in {@link Memory}; the locks order it.
 */
export class SharedMemory extends Memory {
  override lock(address: Address): void {
    const { words } = this;
    while (Atomics.compareExchange(words, address, 0, 1) !== 0) {
      while (Atomics.load(words, address) !== 0);
    }
  }

  override unlock(address: Address): void {
    Atomics.store(this.words, address, 0);
  }
}
