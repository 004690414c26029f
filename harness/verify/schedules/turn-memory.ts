import type { IommuHardware } from '../../../machine/irte-cache.js';
import { type Address, bitLockOf, Memory, NULL } from '../../../machine/memory.js';
import type { Kmalloc } from '../../../machine/slab.js';

/** The kinds of steps. */
export type AccessKind =
  | 'load'
  | 'store'
  | 'lock'
  | 'unlock'
  | 'alloc'
  | 'free'
  | 'wake'
  | 'command'
  | 'completion';

/** Decides when a step is made. */
export interface TurnTaker {
  /**
   * Makes a step at its turn.
   *
   * @param value - The stored word, the bytes of an object that is allocated or freed, the device of an INVALIDATE, or the
   * number of the wait that completes; otherwise 0.
   * @param make - Makes the step.
   * @param follows - Whether it is part of the step before.
   * @returns The loaded word, the address of the allocated object, or the number of a wait; otherwise nothing.
   */
  take<T>(kind: AccessKind, address: Address, value: number, make: () => T, follows?: boolean): T;
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
    this.#turns.take('store', address, value, () => this.#behind.store(address, value));
  }

  override lock(address: Address): void {
    this.#turns.take('lock', address, 0, () => this.#behind.lock(address));
  }

  override unlock(address: Address): void {
    this.#turns.take('unlock', address, 0, () => this.#behind.unlock(address));
  }

  override lockBit(address: Address): void {
    this.#turns.take('lock', bitLockOf(address), 0, () => this.#behind.lockBit(address));
  }

  override unlockBit(address: Address): void {
    this.#turns.take('unlock', bitLockOf(address), 0, () => this.#behind.unlockBit(address));
  }
}

/** A view of a kmalloc in which each call waits for its turn. */
export function turnHeap(heap: Kmalloc, turns: TurnTaker): Kmalloc {
  return {
    cacheFor(bytes, struct) {
      const cache = heap.cacheFor(bytes, struct);
      return {
        alloc: () => turns.take('alloc', NULL, bytes, cache.alloc),
        free: (address) => turns.take('free', address, bytes, () => cache.free(address)),
      };
    },
    live: heap.live,
  };
}

/**
 * A view of the IOMMUs' hardware in which each command waits for its turn. The commands are part of the step before, which
 * counts them. A whole interrupt is one step by itself.
 */
export function turnHardware(hardware: IommuHardware, turns: TurnTaker): IommuHardware {
  return {
    queueInvalidate: (iommu, device) =>
      turns.take('command', iommu, device, () => hardware.queueInvalidate(iommu, device), true),
    queueWait: (iommu) => turns.take('command', iommu, 0, () => hardware.queueWait(iommu), true),
    awaitCompletion: (iommu, wait) =>
      turns.take('completion', iommu, wait, () => hardware.awaitCompletion(iommu, wait), true),
    entryFor: (device, irte, words) => hardware.entryFor(device, irte, words),
  };
}
