import { type Address, Memory } from './memory.js';

/**
 * A memory that writes down which words of one region were stored to: what an operation changed is then known
 * without reading the whole region again.
 */
export class JournaledMemory extends Memory {
  /** Addresses stored to within the region since the journal was last emptied, in order, with repeats. */
  readonly journal: Address[] = [];
  #start: Address = 0;
  #end: Address = 0;

  /** Watches the words from `start` up to, not including, `end`. */
  watch(start: Address, end: Address): void {
    this.#start = start;
    this.#end = end;
  }

  override store(address: Address, value: number): void {
    if (address >= this.#start && address < this.#end) this.journal.push(address);
    super.store(address, value);
  }
}
