import type { Address } from '../../../machine/memory.js';
import { JournaledMemory } from './journaled-memory.js';

/** FNV-1a's prime, which folds each access into the trace. */
const TRACE_PRIME = 0x01000193;

/** Precede the address of a lock or unlock; they are no addresses. */
const LOCKED = -1;
const UNLOCKED = -2;

/** A memory with a trace of all accesses, to compare two runs. */
export class TracedMemory extends JournaledMemory {
  /** While it is set, nothing is written or traced. */
  isFrozen = false;
  /** A hash of all accesses in their order. Equal hashes mean equal accesses, except by a rare chance. */
  trace = 0;

  override load(address: Address): number {
    this.#fold(address);
    return super.load(address);
  }

  override store(address: Address, value: number): void {
    if (this.isFrozen) return;
    this.#fold(address);
    this.#fold(value);
    super.store(address, value);
  }

  override lock(address: Address): void {
    if (this.isFrozen) return;
    this.#fold(LOCKED);
    super.lock(address);
  }

  override unlock(address: Address): void {
    if (this.isFrozen) return;
    this.#fold(UNLOCKED);
    super.unlock(address);
  }

  override lockBit(address: Address): void {
    if (this.isFrozen) return;
    this.#fold(LOCKED);
    this.#fold(address);
    super.lockBit(address);
  }

  override unlockBit(address: Address): void {
    if (this.isFrozen) return;
    this.#fold(UNLOCKED);
    this.#fold(address);
    super.unlockBit(address);
  }

  override clear(): void {
    super.clear();
    this.trace = 0;
  }

  #fold(word: number): void {
    if (!this.isFrozen) this.trace = Math.imul(this.trace ^ word, TRACE_PRIME);
  }
}
