import { type Address, LINE_WORDS, LockError, Memory } from '../../../machine/memory.js';

/** An address that is no word of a host: NULL or near it, or beyond the memory. On a real host, an oops. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/** An operation has touched memory more often than any operation can that ends. */
export class EndlessError extends Error {
  override readonly name = 'EndlessError';
}

/**
 * Word that holds the first address above all that were handed out or stored to since the memory was clear. Like the top
 * it is in the line of NULL, so that each view of the words knows what another has touched.
 */
const END: Address = 2;

/** More accesses than anything makes; still a small integer to V8. */
const UNBOUNDED = 2 ** 30 - 1;

/**
 * A memory for judging operations one by one. It writes down which words of one region an operation stored to and what
 * they held before, so that what changed is known without reading the whole region again; it knows which locks are held; and it ends an
 * operation that touches memory without end.
 */
export class JournaledMemory extends Memory {
  /** For each store to the region, its address and the word that it replaced. */
  #journal = new Int32Array(1 << 10);
  #journalled = 0;
  /** Locks that are held, in the order they were taken. */
  readonly held: Address[] = [];
  readonly #length = this.words.length;
  #start: Address = 0;
  #end: Address = 0;
  #budget = UNBOUNDED;
  #keptTop: Address = 0;

  /** Watches the words from `start` up to, not including, `end`, from now on. */
  watch(start: Address, end: Address): void {
    this.#start = start;
    this.#end = end;
    this.emptyJournal();
  }

  /** Stores to the region since the journal was last emptied. */
  get journalled(): number {
    return this.#journalled;
  }

  /** Where one of them went, counted from the first. */
  storedAt(index: number): Address {
    return this.#journal[2 * index] as Address;
  }

  /** The word that it replaced. */
  replacedAt(index: number): number {
    return this.#journal[2 * index + 1] as number;
  }

  emptyJournal(): void {
    this.#journalled = 0;
  }

  /** Keeps the memory as it is, with no lock held, for {@link rewind}. All stores are journalled from now on. */
  keep(): void {
    this.watch(LINE_WORDS, this.#length);
    this.#keptTop = this.top;
  }

  /** Makes the memory what it was when it was kept. */
  rewind(): void {
    this.releaseAll();
    for (let index = this.#journalled - 1; index >= 0; index--) {
      this.words[this.storedAt(index)] = this.replacedAt(index);
    }
    this.emptyJournal();
    this.words.fill(0, this.#keptTop, this.top);
    this.top = this.#keptTop;
  }

  /** Begins an operation, which may touch memory so many times. */
  begin(budget: number): void {
    this.#budget = Math.min(budget, UNBOUNDED);
  }

  override clear(): void {
    // Another view may have set the top lower, and what is judged may have stored to anywhere.
    this.words.fill(0, this.top, this.words[END]);
    super.clear();
    this.watch(0, 0);
    this.held.length = 0;
    this.#budget = UNBOUNDED;
  }

  /** Opens the locks that are held. @returns Them. */
  releaseAll(): Address[] {
    const held = this.held.splice(0);
    for (const address of held) this.words[address] = 0;
    return held;
  }

  /** @throws AddressError or EndlessError. */
  override load(address: Address): number {
    if (--this.#budget < 0 || !(address >= LINE_WORDS && address < this.#length)) this.#refuse(address);
    return this.words[address] as number;
  }

  /** @throws AddressError or EndlessError. */
  override store(address: Address, value: number): void {
    if (--this.#budget < 0 || !(address >= LINE_WORDS && address < this.#length)) this.#refuse(address);
    if (address >= this.#start && address < this.#end) {
      if (2 * this.#journalled === this.#journal.length) this.#growJournal();
      this.#journal[2 * this.#journalled] = address;
      // Taking and releasing a lock is not journalled, since both together leave its word as it was: free.
      this.#journal[2 * this.#journalled + 1] = this.held.includes(address)
        ? 0
        : (this.words[address] as number);
      this.#journalled++;
    }
    this.words[address] = value;
    this.#reach(address + 1);
  }

  /** @throws LockError, AddressError or EndlessError. */
  override lock(address: Address): void {
    if (this.load(address) !== 0) throw new LockError(`lock at ${address} taken while held`);
    this.words[address] = 1;
    this.#reach(address + 1);
    this.held.push(address);
  }

  /** @throws LockError, AddressError or EndlessError. */
  override unlock(address: Address): void {
    const isOne = this.load(address) === 1;
    // A word may hold 1 and be no lock.
    const place = this.held.lastIndexOf(address);
    if (!isOne || place < 0) throw new LockError(`lock at ${address} released while free`);
    this.words[address] = 0;
    this.held.splice(place, 1);
  }

  override reserve(words: number, alignWords?: number): Address {
    const address = super.reserve(words, alignWords);
    this.#reach(address + words);
    return address;
  }

  /** Counts accesses. @throws EndlessError if the operation may make no more. */
  spend(accesses = 1): void {
    this.#budget -= accesses;
    if (this.#budget < 0) this.#refuse(LINE_WORDS);
  }

  /** Notes that words below an address were touched. */
  #reach(end: Address): void {
    if (end > (this.words[END] as number)) this.words[END] = end;
  }

  #growJournal(): void {
    const grown = new Int32Array(this.#journal.length * 2);
    grown.set(this.#journal);
    this.#journal = grown;
  }

  #refuse(address: Address): never {
    if (this.#budget < 0) throw new EndlessError('it touches memory without end');
    throw new AddressError(`address ${address} is no word of the host's memory`);
  }
}
