import { type Address, Memory } from './memory.js';

/** A memory that counts how often it is read and written; taking a lock is both. */
export class CountingMemory extends Memory {
  loads = 0;
  stores = 0;

  override load(address: Address): number {
    this.loads++;
    return super.load(address);
  }

  override store(address: Address, value: number): void {
    this.stores++;
    super.store(address, value);
  }

  override lock(address: Address): void {
    this.loads++;
    this.stores++;
    super.lock(address);
  }

  override unlock(address: Address): void {
    this.loads++;
    this.stores++;
    super.unlock(address);
  }
}
