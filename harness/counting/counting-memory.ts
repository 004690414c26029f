import { type Address, LINE_WORDS, Memory } from '../../machine/memory.js';

/** What one operation did, in whole numbers that are the same on every machine. */
export interface Work {
  /** Words read; taking a lock reads its word. */
  readonly loads: number;
  /** Words written; taking a lock and letting it go write its word. */
  readonly stores: number;
  /** Distinct cache lines read, written, and touched at all. */
  readonly linesRead: number;
  readonly linesWritten: number;
  readonly lines: number;
  /** Of the lines touched, those of the live entries written and of their tables' locks: no design can do without. */
  readonly entryLines: number;
  /**
   * The longest chain of reads, locks among them, in which each needs what the one before it gave: the address of the
   * object it is in, or what a hash bucket or a device's table was named by. An address is known from the first read
   * that gave it; what the operation is given, and what was placed at boot, from its beginning.
   */
  readonly chain: number;
  /** Locks taken, those of the entries' tables among them. */
  readonly locks: number;
  /** Locked instructions on x86: one to take a lock, one (cmpxchg16b) to write a live entry. */
  readonly atomics: number;
  /** Live entries written. */
  readonly entries: number;
}

/** In place of a depth: the address of the next access was computed from nothing that was told. */
const NO_INDEX = -1;

const LINE_SHIFT = 31 - Math.clz32(LINE_WORDS);

/**
 * A memory that counts the work of operations. It knows which words are one object, so that a word that was read and
 * is an object's address is a step of a chain.
 *
 * @remarks A number that happens to equal an address counts as one. What was computed from a key or a word names more
 * than the word that is touched next: a bucket is its lock and its head. So an address that is less than a line away from
 * one that was so named in the operation is taken for the same structure, unless it was named by itself.
 */
export class CountingMemory extends Memory {
  /** For each word the number of its object, from 1; 0 for none. */
  readonly #objectOf = new Int32Array(this.words.length);
  /** By object: the operation that came to know its address, and at which depth of a chain. */
  readonly #knownIn: number[] = [0];
  readonly #depths: number[] = [0];

  readonly #lineRead = new Int32Array(this.words.length / LINE_WORDS);
  readonly #lineWritten = new Int32Array(this.words.length / LINE_WORDS);
  readonly #lineOfEntry = new Int32Array(this.words.length / LINE_WORDS);
  /** By line: the operation that last touched a named address there, that address, and the depth that it was named at. */
  readonly #namedIn = new Int32Array(this.words.length / LINE_WORDS);
  readonly #named = new Int32Array(this.words.length / LINE_WORDS);
  readonly #nameDepths = new Int32Array(this.words.length / LINE_WORDS);

  #operation = 0;
  #isCounting = false;
  #isWritingEntry = false;

  #loads = 0;
  #stores = 0;
  #linesRead = 0;
  #linesWritten = 0;
  #lines = 0;
  #entryLines = 0;
  #chain = 0;
  #locks = 0;
  #entries = 0;

  /** Depth of the last read, and of the deepest so far. */
  #lastDepth = 0;
  #deepest = 0;
  /** Depth of what the address of the next access is computed from, besides a pointer; NO_INDEX if that is nothing. */
  #indexDepth = NO_INDEX;
  readonly #keyDepths = new Map<number, number>();

  override clear(): void {
    this.#objectOf.fill(0, 0, this.top);
    this.#knownIn.length = 1;
    this.#depths.length = 1;
    super.clear();
  }

  /** Begins an operation. */
  begin(): void {
    this.#operation++;
    this.#isCounting = true;
    this.#loads = 0;
    this.#stores = 0;
    this.#linesRead = 0;
    this.#linesWritten = 0;
    this.#lines = 0;
    this.#entryLines = 0;
    this.#chain = 0;
    this.#locks = 0;
    this.#entries = 0;
    this.#lastDepth = 0;
    this.#deepest = 0;
    this.#indexDepth = NO_INDEX;
    this.#keyDepths.clear();
  }

  /** The operation is given the address of an object. */
  give(address: Address): void {
    this.#depthOf(this.#objectOf[address] as number);
  }

  /** Ends the operation. @returns What it did. */
  end(): Work {
    this.#isCounting = false;
    return {
      loads: this.#loads,
      stores: this.#stores,
      linesRead: this.#linesRead,
      linesWritten: this.#linesWritten,
      lines: this.#lines,
      entryLines: this.#entryLines,
      chain: this.#chain,
      locks: this.#locks,
      atomics: this.#locks + this.#entries,
      entries: this.#entries,
    };
  }

  /** Takes words for one object. */
  noteObject(address: Address, words: number): void {
    const number = this.#knownIn.push(0) - 1;
    this.#depths.push(0);
    this.#objectOf.fill(number, address, address + words);
  }

  /** The next access is to what the word read last names, such as a device's table by its id. */
  indexByLastRead(): void {
    this.#indexDepth = this.#lastDepth;
  }

  /**
   * The next access is to the bucket of a key. The key is made of what the operation had read when it first used it.
   */
  indexByKey(key: number): void {
    const known = this.#keyDepths.get(key);
    if (known === undefined) this.#keyDepths.set(key, this.#deepest);
    this.#indexDepth = known ?? this.#deepest;
  }

  /** The next access is to what the address of an object names. */
  indexByObject(address: Address): void {
    this.#indexDepth = this.#depthOf(this.#objectOf[address] as number);
  }

  /** Runs the write of one live entry. */
  writeEntry(write: () => void): void {
    this.#entries++;
    this.#isWritingEntry = true;
    write();
    this.#isWritingEntry = false;
  }

  override load(address: Address): number {
    const value = super.load(address);
    if (!this.#isCounting) return value;
    this.#loads++;
    const depth = this.#reach(address);
    this.#read(address);
    this.#lastDepth = depth;
    this.#deepest = Math.max(this.#deepest, depth);
    this.#learn(value, depth);
    return value;
  }

  override store(address: Address, value: number): void {
    super.store(address, value);
    if (!this.#isCounting) return;
    this.#stores++;
    this.#nameDepthOf(address);
    this.#written(address);
  }

  override lock(address: Address): void {
    super.lock(address);
    if (!this.#isCounting) return;
    this.#loads++;
    this.#stores++;
    this.#locks++;
    this.#reach(address);
    this.#read(address);
    this.#written(address);
  }

  override unlock(address: Address): void {
    super.unlock(address);
    if (!this.#isCounting) return;
    this.#stores++;
    this.#nameDepthOf(address);
    this.#written(address);
  }

  /** Counts a step of a chain. @returns How long the chain to it is. */
  #reach(address: Address): number {
    const object = this.#objectOf[address] as number;
    const depth = Math.max(this.#depthOf(object), this.#nameDepthOf(address)) + 1;
    this.#chain = Math.max(this.#chain, depth);
    return depth;
  }

  /**
   * How many reads it took to name what an address is in, besides those that gave a pointer to it. What was told of the next
   * access is told of this one.
   */
  #nameDepthOf(address: Address): number {
    const line = address >>> LINE_SHIFT;
    if (this.#indexDepth === NO_INDEX) {
      // The structure may lie across the end of a line.
      return (
        this.#depthNamedIn(line, address) ??
        this.#depthNamedIn(line - 1, address) ??
        this.#depthNamedIn(line + 1, address) ??
        0
      );
    }
    this.#namedIn[line] = this.#operation;
    this.#named[line] = address;
    this.#nameDepths[line] = this.#indexDepth;
    this.#indexDepth = NO_INDEX;
    return this.#nameDepths[line] as number;
  }

  /** The depth at which the structure of an address was named, by an address in a line; null if it was not. */
  #depthNamedIn(line: number, address: Address): number | null {
    if (this.#namedIn[line] !== this.#operation) return null;
    const isNear = Math.abs(address - (this.#named[line] as Address)) < LINE_WORDS;
    return isNear ? (this.#nameDepths[line] as number) : null;
  }

  /** How many reads the address of an object took. */
  #depthOf(object: number): number {
    if (object === 0) return 0;
    if (this.#knownIn[object] !== this.#operation) {
      this.#knownIn[object] = this.#operation;
      this.#depths[object] = 0;
    }
    return this.#depths[object] as number;
  }

  /** Notes the object that a word that was read is the address of. */
  #learn(value: number, depth: number): void {
    const object = this.#objectOf[value] ?? 0;
    if (object === 0) return;
    if (this.#knownIn[object] === this.#operation) {
      this.#depths[object] = Math.min(this.#depths[object] as number, depth);
      return;
    }
    this.#knownIn[object] = this.#operation;
    this.#depths[object] = depth;
  }

  #read(address: Address): void {
    const line = address >>> LINE_SHIFT;
    if (this.#lineRead[line] === this.#operation) return;
    if (this.#lineWritten[line] !== this.#operation) this.#lines++;
    this.#lineRead[line] = this.#operation;
    this.#linesRead++;
    this.#ofEntry(line);
  }

  #written(address: Address): void {
    const line = address >>> LINE_SHIFT;
    if (this.#lineWritten[line] === this.#operation) {
      this.#ofEntry(line);
      return;
    }
    if (this.#lineRead[line] !== this.#operation) this.#lines++;
    this.#lineWritten[line] = this.#operation;
    this.#linesWritten++;
    this.#ofEntry(line);
  }

  #ofEntry(line: number): void {
    if (!this.#isWritingEntry || this.#lineOfEntry[line] === this.#operation) return;
    this.#lineOfEntry[line] = this.#operation;
    this.#entryLines++;
  }
}
