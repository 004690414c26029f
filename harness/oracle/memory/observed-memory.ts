import type { Address } from '../../../machine/memory.js';
import { JournaledMemory } from './journaled-memory.js';

/** Hears what is done to a memory, each after it was done. */
export interface MemoryObserver {
  loaded(address: Address): void;
  stored(address: Address): void;
  /** A lock was taken. Its word was loaded before, and is no more told as stored. */
  locked(address: Address): void;
  /** A lock was released. */
  unlocked(address: Address): void;
}

/**
 * A memory that tells what is done to it, by the strategy and by the host. Accesses that are marked (readOnce and
 * writeOnce) are meant to meet those of other CPUs, and are not told.
 */
export class ObservedMemory extends JournaledMemory {
  /** Who hears; null for nobody, as in a memory that is clear. */
  observer: MemoryObserver | null = null;
  /** Two numbers for each word, for whoever observes; 0 in a memory that is clear. */
  readonly notes: readonly [Int32Array, Int32Array] = [
    new Int32Array(this.words.length),
    new Int32Array(this.words.length),
  ];

  /** The first address above all of which there may be notes. The top of the memory does not tell: other views set it. */
  #notesEnd: Address = 0;

  override clear(): void {
    this.observer = null;
    for (const words of this.notes) words.fill(0, 0, this.#notesEnd);
    this.#notesEnd = 0;
    super.clear();
  }

  override reserve(words: number, alignWords?: number): Address {
    const address = super.reserve(words, alignWords);
    this.#notesEnd = Math.max(this.#notesEnd, address + words);
    return address;
  }

  override load(address: Address): number {
    const value = super.load(address);
    if (this.observer !== null) {
      if (address >= this.#notesEnd) this.#notesEnd = address + 1;
      this.observer.loaded(address);
    }
    return value;
  }

  override store(address: Address, value: number): void {
    super.store(address, value);
    if (this.observer !== null) {
      if (address >= this.#notesEnd) this.#notesEnd = address + 1;
      this.observer.stored(address);
    }
  }

  override readOnce(address: Address): number {
    return super.load(address);
  }

  override writeOnce(address: Address, value: number): void {
    super.store(address, value);
  }

  // Taking and releasing a lock loads its word, and so reaches it.

  override lock(address: Address): void {
    super.lock(address);
    this.observer?.locked(address);
  }

  override unlock(address: Address): void {
    super.unlock(address);
    this.observer?.unlocked(address);
  }
}
