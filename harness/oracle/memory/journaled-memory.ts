import {
  type Address,
  bitLockOf,
  isBitLock,
  LINE_WORDS,
  LockError,
  Memory,
  wordOfLock,
} from '../../../machine/memory.js';

/** An access to NULL's line or beyond the memory. On a real host it is an oops. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/** An operation has made more accesses than any finite operation can. */
export class EndlessError extends Error {
  override readonly name = 'EndlessError';
}

/**
 * The word that holds the end of the words handed out or stored to since the memory was clear. Like the top it lies in
 * NULL's line, so that each view of the words knows the stores of the others.
 */
const END: Address = 2;

/** More accesses than any operation makes; still a small integer in V8. */
const UNBOUNDED = 2 ** 30 - 1;

/**
 * A memory for judging operations one by one. It journals the stores to one region, with the replaced words, so that
 * changes are known without reading the whole region. It knows the held locks, and ends an operation that exceeds its
 * budget of accesses.
 */
export class JournaledMemory extends Memory {
  /** The address and the replaced word of each store to the region. It keeps its length when it is emptied. */
  readonly #journal: number[] = [];
  /** The number of journaled stores. */
  journaled = 0;
  /** The held locks, as judges know them, in the order they were taken. */
  readonly held: number[] = [];
  readonly #length = this.words.length;
  #start: Address = 0;
  #end: Address = 0;
  #budget = UNBOUNDED;
  #keptTop: Address = 0;

  /** Journals the words from `start` up to, not including, `end`, from now on. */
  watch(start: Address, end: Address): void {
    this.#start = start;
    this.#end = end;
    this.emptyJournal();
  }

  /** The address of a store, counted from the first. */
  storedAt(index: number): Address {
    return this.#journal[2 * index] as Address;
  }

  /** The word that a store replaced. */
  replacedAt(index: number): number {
    return this.#journal[2 * index + 1] as number;
  }

  emptyJournal(): void {
    this.journaled = 0;
  }

  /** Keeps the memory, with no lock held, for {@link rewind}. All stores are journaled from now on. */
  keep(): void {
    this.watch(LINE_WORDS, this.#length);
    this.#keptTop = this.top;
  }

  /** Restores the memory to the state that was kept. */
  rewind(): void {
    this.releaseAll();
    for (let index = this.journaled - 1; index >= 0; index--) {
      this.words[this.storedAt(index)] = this.replacedAt(index);
    }
    this.emptyJournal();
    this.words.fill(0, this.#keptTop, this.top);
    this.top = this.#keptTop;
  }

  /** Begins an operation. @param budget - The number of accesses that it may make. */
  begin(budget: number): void {
    this.#budget = Math.min(budget, UNBOUNDED);
  }

  override clear(): void {
    // Another view may have lowered the top, and the strategy may have stored to any address.
    this.words.fill(0, this.top, this.words[END]);
    super.clear();
    this.watch(0, 0);
    this.held.length = 0;
    this.#budget = UNBOUNDED;
  }

  /** Releases the held locks. @returns The locks. */
  releaseAll(): number[] {
    const held = this.held.splice(0);
    for (const lock of held) {
      const address = wordOfLock(lock);
      this.words[address] = isBitLock(lock) ? (this.words[address] as number) & ~1 : 0;
    }
    return held;
  }

  /** @throws AddressError or EndlessError. */
  override load(address: Address): number {
    return this.#word(address);
  }

  #word(address: Address): number {
    if (--this.#budget < 0 || !(address >= LINE_WORDS && address < this.#length)) this.#refuse(address);
    return this.words[address] as number;
  }

  /** @throws AddressError or EndlessError. */
  override store(address: Address, value: number): void {
    if (--this.#budget < 0 || !(address >= LINE_WORDS && address < this.#length)) this.#refuse(address);
    if (address >= this.#start && address < this.#end) {
      this.#journal[2 * this.journaled] = address;
      // Locking and unlocking are not journaled: together they leave the word free, as it was.
      this.#journal[2 * this.journaled + 1] = this.#unlockedWord(address);
      this.journaled++;
    }
    this.words[address] = value;
    this.#reach(address + 1);
  }

  /** @throws LockError, AddressError or EndlessError. */
  override lock(address: Address): void {
    this.load(address);
    super.lock(address);
    this.taken(address);
  }

  /** @throws LockError, AddressError or EndlessError. */
  override unlock(address: Address): void {
    this.load(address);
    // A word that holds 1 need not be a lock.
    if (!this.held.includes(address)) throw new LockError(`lock at ${address} released while free`);
    super.unlock(address);
    this.released(address);
  }

  /** @throws LockError, AddressError or EndlessError. */
  override lockBit(address: Address): void {
    // This is no read of the word's other bits.
    this.#word(address);
    super.lockBit(address);
    this.taken(bitLockOf(address));
  }

  /** @throws LockError, AddressError or EndlessError. */
  override unlockBit(address: Address): void {
    this.#word(address);
    const lock = bitLockOf(address);
    if (!this.held.includes(lock)) throw new LockError(`lock bit at ${address} released while free`);
    super.unlockBit(address);
    this.released(lock);
  }

  /** Notes a lock that was taken. */
  protected taken(lock: number): void {
    this.#reach(wordOfLock(lock) + 1);
    this.held.push(lock);
  }

  /** Notes a lock that was released. */
  protected released(lock: number): void {
    this.held.splice(this.held.lastIndexOf(lock), 1);
  }

  /** A word as it is when no lock is held. */
  #unlockedWord(address: Address): number {
    const word = this.words[address] as number;
    if (this.held.includes(address)) return 0;
    return this.held.includes(bitLockOf(address)) ? word & ~1 : word;
  }

  override reserve(words: number, alignWords?: number): Address {
    const address = super.reserve(words, alignWords);
    this.#reach(address + words);
    return address;
  }

  /** Counts accesses. @throws EndlessError if the budget is exceeded. */
  spend(accesses = 1): void {
    this.#budget -= accesses;
    if (this.#budget < 0) this.#refuse(LINE_WORDS);
  }

  /** Notes an access to words below an address. */
  #reach(end: Address): void {
    if (end > (this.words[END] as number)) this.words[END] = end;
  }

  #refuse(address: Address): never {
    if (this.#budget < 0) throw new EndlessError('it touches memory without end');
    throw new AddressError(`address ${address} is no word of the host's memory`);
  }
}
