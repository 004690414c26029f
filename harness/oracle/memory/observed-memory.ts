import type { Address } from '../../../machine/memory.js';
import { JournaledMemory } from './journaled-memory.js';

/** Receives each access to a memory, after the access. */
export interface MemoryObserver {
  loaded(address: Address): void;
  stored(address: Address): void;
  /**
   * A lock was taken. The word of a lock was reported as loaded before; the word of a lock bit was not, and neither is
   * reported as stored.
   */
  locked(lock: number): void;
  /** A lock was released. */
  unlocked(lock: number): void;
}

/**
 * A memory that reports the accesses of the strategy and of the host. Marked accesses (readOnce and writeOnce) are
 * intended to race, and are not reported.
 */
export class ObservedMemory extends JournaledMemory {
  /** Receives the reports; null in a memory that is clear. */
  observer: MemoryObserver | null = null;
  /** Two numbers for each word, for the observer's use; 0 in a memory that is clear. */
  readonly notes: readonly [Int32Array, Int32Array] = [
    new Int32Array(this.words.length),
    new Int32Array(this.words.length),
  ];

  /** The end of the words that may have notes. The memory's top is unsuitable, since other views change it. */
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

  // Locking and unlocking load the word, which extends #notesEnd.

  protected override taken(lock: number): void {
    super.taken(lock);
    this.observer?.locked(lock);
  }

  protected override released(lock: number): void {
    super.released(lock);
    this.observer?.unlocked(lock);
  }
}
