import { type Address, Memory } from './memory.js';

/**
 * A memory that threads share. Its locks are atomic, and a thread spins on a held lock by test and test-and-set. The
 * locks order all other accesses, which are the plain ones of {@link Memory}.
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

  override lockBit(address: Address): void {
    const { words } = this;
    while ((Atomics.or(words, address, 1) & 1) !== 0) {
      while ((Atomics.load(words, address) & 1) !== 0);
    }
  }

  /** Only the holder of the lock writes the word. */
  override unlockBit(address: Address): void {
    const { words } = this;
    Atomics.store(words, address, (words[address] as number) & ~1);
  }
}
