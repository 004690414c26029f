import { type Address, LINE_WORDS, Memory } from './memory.js';

/** An address that is no word of a host: NULL or near it, or beyond the memory. On a real host, an oops. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/** An operation has touched memory more often than any operation can that ends. */
export class EndlessError extends Error {
  override readonly name = 'EndlessError';
}

/**
 * A memory for judging operations one by one. It writes down which words of one region an operation stored to, so
 * that what changed is known without reading the whole region again; it knows which locks are held; and it ends an
 * operation that touches memory without end.
 */
export class JournaledMemory extends Memory {
  /** Addresses stored to within the region since the journal was last emptied, in order, with repeats. */
  readonly journal: Address[] = [];
  /** Locks that are held, in the order they were taken. */
  readonly held: Address[] = [];
  #start: Address = 0;
  #end: Address = 0;
  #budget = Number.POSITIVE_INFINITY;

  /** Watches the words from `start` up to, not including, `end`. */
  watch(start: Address, end: Address): void {
    this.#start = start;
    this.#end = end;
  }

  /** Begins an operation, which may touch memory so many times. */
  begin(budget: number): void {
    this.#budget = budget;
  }

  override clear(): void {
    super.clear();
    this.journal.length = 0;
    this.held.length = 0;
    this.#budget = Number.POSITIVE_INFINITY;
  }

  /** Opens the locks that are held. @returns Them. */
  releaseAll(): Address[] {
    const held = this.held.splice(0);
    for (const address of held) this.words[address] = 0;
    return held;
  }

  /** @throws AddressError or EndlessError. */
  override load(address: Address): number {
    this.#touch(address);
    return this.words[address] as number;
  }

  /** @throws AddressError or EndlessError. */
  override store(address: Address, value: number): void {
    this.#touch(address);
    if (address >= this.#start && address < this.#end) this.journal.push(address);
    this.words[address] = value;
  }

  /** @throws LockError, AddressError or EndlessError. */
  override lock(address: Address): void {
    this.#touch(address);
    super.lock(address);
    this.held.push(address);
  }

  /** @throws LockError, AddressError or EndlessError. */
  override unlock(address: Address): void {
    this.#touch(address);
    super.unlock(address);
    if (this.held.at(-1) === address) this.held.pop();
    else this.held.splice(this.held.indexOf(address), 1);
  }

  /** Counts one access. @throws EndlessError if the operation may make no more. */
  spend(): void {
    if (--this.#budget < 0) throw new EndlessError('it touches memory without end');
  }

  #touch(address: Address): void {
    if (!(address >= LINE_WORDS && address < this.words.length)) {
      throw new AddressError(`address ${address} is no word of the host's memory`);
    }
    this.spend();
  }
}
