import { type Address, bitLockOf, Memory, NULL } from '../../../machine/memory.js';
import type { Kmalloc } from '../../../machine/slab.js';

/** The kinds of steps. */
export type AccessKind = 'load' | 'store' | 'lock' | 'unlock' | 'alloc' | 'free' | 'wake';

/** Decides when a step is made. */
export interface TurnTaker {
  /**
   * Makes a step at its turn.
   *
   * @param value - The stored word, or the bytes of an object that is allocated or freed; otherwise 0.
   * @param make - Makes the step.
   * @param follows - Whether it is part of the step before.
   * @returns The loaded word, or the address of the allocated object; otherwise 0.
   */
  take(kind: AccessKind, address: Address, value: number, make: () => number, follows?: boolean): number;
}

/** A view of a memory in which each access waits for its turn. */
export class TurnMemory extends Memory {
  readonly #behind: Memory;
  readonly #turns: TurnTaker;

  constructor(behind: Memory, turns: TurnTaker) {
    super(behind.words);
    this.#behind = behind;
    this.#turns = turns;
  }

  override get top(): Address {
    return this.#behind.top;
  }

  override reserve(words: number, alignWords?: number): Address {
    return this.#behind.reserve(words, alignWords);
  }

  override load(address: Address): number {
    return this.#turns.take('load', address, 0, () => this.#behind.load(address));
  }

  override store(address: Address, value: number): void {
    this.#turns.take('store', address, value, () => {
      this.#behind.store(address, value);
      return 0;
    });
  }

  override lock(address: Address): void {
    this.#turns.take('lock', address, 0, () => {
      this.#behind.lock(address);
      return 0;
    });
  }

  override unlock(address: Address): void {
    this.#turns.take('unlock', address, 0, () => {
      this.#behind.unlock(address);
      return 0;
    });
  }

  override lockBit(address: Address): void {
    this.#turns.take('lock', bitLockOf(address), 0, () => {
      this.#behind.lockBit(address);
      return 0;
    });
  }

  override unlockBit(address: Address): void {
    this.#turns.take('unlock', bitLockOf(address), 0, () => {
      this.#behind.unlockBit(address);
      return 0;
    });
  }
}

/** A view of a kmalloc in which each call waits for its turn. */
export function turnHeap(heap: Kmalloc, turns: TurnTaker): Kmalloc {
  return {
    cacheFor(bytes, struct) {
      const cache = heap.cacheFor(bytes, struct);
      return {
        alloc: () => turns.take('alloc', NULL, bytes, cache.alloc),
        free: (address) => {
          turns.take('free', address, bytes, () => {
            cache.free(address);
            return 0;
          });
        },
      };
    },
    live: heap.live,
  };
}
