import { type Address, LINE_WORDS, Memory } from '../../machine/memory.js';
import { NO_WORK } from '../results/metrics.js';

/** The counts of one operation in memory. */
export type Work = Readonly<typeof NO_WORK>;

/** The address of the next access does not depend on a load, as far as the memory was told. */
const NO_DEPTH = -1;

/** Loads of an operation that are remembered, to find the one that a hash key came from. */
const REMEMBERED_LOADS = 64;

const LINE_SHIFT = 31 - Math.clz32(LINE_WORDS);

/**
 * A memory that counts the work of operations. It knows which words form an object, so it sees when a load returns the
 * address of one.
 *
 * The depth of a value is the number of dependent loads that produced it. An address has the depth of the first load
 * that returned it. The depth is 0 for addresses that the caller passes in, and for objects placed at boot.
 *
 * @remarks A number that happens to equal an address counts as one. A computed address may begin a structure of several
 * words, as a bucket has a lock and a head. So other addresses less than a line away get its depth too, unless they are
 * computed themselves.
 */
export class CountingMemory extends Memory {
  /** The number of each word's object, from 1; 0 for none. */
  readonly #objectOf = new Int32Array(this.words.length);
  /** By object: the last operation that knew its address, and the depth of the address in that operation. */
  readonly #knownIn: number[] = [0];
  readonly #depths: number[] = [0];

  /** By line: the last operation that read it, and that wrote it. */
  readonly #readIn = new Int32Array(this.words.length / LINE_WORDS);
  readonly #writtenIn = new Int32Array(this.words.length / LINE_WORDS);
  /** By line: the last operation that accessed a computed address there, that address, and its depth. */
  readonly #computedIn = new Int32Array(this.words.length / LINE_WORDS);
  readonly #computed = new Int32Array(this.words.length / LINE_WORDS);
  readonly #computedDepths = new Int32Array(this.words.length / LINE_WORDS);

  #operation = 0;
  #work = { ...NO_WORK };

  /** Depth of the deepest value so far. */
  #deepest = 0;
  /** Depth of the value from which the next address is computed. */
  #nextDepth = NO_DEPTH;
  /** Depth of each hash key at its first use. */
  readonly #keyDepths = new Map<number, number>();
  /** The words loaded last, and their depths, in a ring. */
  readonly #loaded = new Int32Array(REMEMBERED_LOADS);
  readonly #loadedDepths = new Int32Array(REMEMBERED_LOADS);
  #loadedWords = 0;

  override clear(): void {
    this.#objectOf.fill(0, 0, this.top);
    this.#knownIn.length = 1;
    this.#depths.length = 1;
    super.clear();
  }

  /** Begins to count an operation. */
  begin(): void {
    this.#operation++;
    this.#work = { ...NO_WORK };
    this.#deepest = 0;
    this.#nextDepth = NO_DEPTH;
    this.#keyDepths.clear();
    this.#loadedWords = 0;
  }

  /** Ends the operation, and returns its counts. */
  end(): Work {
    return this.#work;
  }

  /** The operation's caller passes in the address of an object, so no load is needed to learn it. */
  passIn(address: Address): void {
    this.#depthOf(this.#objectOf[address] as number);
  }

  /** Registers words as one object. */
  noteObject(address: Address, words: number): void {
    const number = this.#knownIn.push(0) - 1;
    this.#depths.push(0);
    this.#objectOf.fill(number, address, address + words);
  }

  /**
   * The next address is the bucket of a hash key. A key that was loaded depends on that load; one that was made of several
   * words may depend on all loads before its first use.
   */
  computeFromKey(key: number): void {
    let depth = this.#keyDepths.get(key);
    if (depth === undefined) {
      depth = this.#depthOfLoaded(key) ?? this.#deepest;
      this.#keyDepths.set(key, depth);
    }
    this.#nextDepth = depth;
  }

  #remember(word: number, depth: number): void {
    const slot = this.#loadedWords++ % REMEMBERED_LOADS;
    this.#loaded[slot] = word;
    this.#loadedDepths[slot] = depth;
  }

  /** The depth of a word that was loaded in this operation; null if it was not, or too long ago. */
  #depthOfLoaded(word: number): number | null {
    const known = Math.min(this.#loadedWords, REMEMBERED_LOADS);
    const slot = this.#loaded.lastIndexOf(word, known - 1);
    return slot === -1 || known === 0 ? null : (this.#loadedDepths[slot] as number);
  }

  /** A live entry is written. */
  countEntry(): void {
    this.#work.entries++;
    this.#work.atomics++;
  }

  /** Runs the driver's way to a table. */
  onWay(irqTable: () => Address): Address {
    const { lines, locks } = this.#work;
    const table = irqTable();
    this.#work.wayLines += this.#work.lines - lines;
    this.#work.wayLocks += this.#work.locks - locks;
    return table;
  }

  override load(address: Address): number {
    const value = super.load(address);
    const depth = this.#countLoad(address);
    this.#remember(value, depth);
    this.#deepest = Math.max(this.#deepest, depth);
    this.#learnAddress(value, depth);
    return value;
  }

  override store(address: Address, value: number): void {
    super.store(address, value);
    this.#countStore(address);
  }

  override lock(address: Address): void {
    super.lock(address);
    this.#countLock(address);
  }

  override unlock(address: Address): void {
    super.unlock(address);
    this.#countStore(address);
  }

  override lockBit(address: Address): void {
    super.lockBit(address);
    this.#countLock(address);
  }

  override unlockBit(address: Address): void {
    super.unlockBit(address);
    this.#countStore(address);
  }

  #countLock(address: Address): void {
    this.#work.locks++;
    this.#work.atomics++;
    this.#countLoad(address);
    this.#countStore(address);
  }

  /** Counts a load and its line. @returns The depth of the loaded value. */
  #countLoad(address: Address): number {
    const object = this.#objectOf[address] as number;
    const depth = Math.max(this.#depthOf(object), this.#computedDepthOf(address)) + 1;
    this.#work.chain = Math.max(this.#work.chain, depth);
    this.#work.loads++;
    if (this.#isFirst(address, this.#readIn, this.#writtenIn)) this.#work.linesRead++;
    return depth;
  }

  /** Counts a store and its line. */
  #countStore(address: Address): void {
    this.#computedDepthOf(address);
    this.#work.stores++;
    if (this.#isFirst(address, this.#writtenIn, this.#readIn)) this.#work.linesWritten++;
  }

  /** The depth of the value from which an address was computed; 0 if it was not. It uses up `#nextDepth`. */
  #computedDepthOf(address: Address): number {
    const line = address >>> LINE_SHIFT;
    const depth = this.#nextDepth;
    if (depth === NO_DEPTH) {
      // The structure may cross the end of a line.
      return (
        this.#computedDepthNear(line, address) ??
        this.#computedDepthNear(line - 1, address) ??
        this.#computedDepthNear(line + 1, address) ??
        0
      );
    }
    this.#computedIn[line] = this.#operation;
    this.#computed[line] = address;
    this.#computedDepths[line] = depth;
    this.#nextDepth = NO_DEPTH;
    return depth;
  }

  /** The depth of a line's computed address if it lies near an address; null if not. */
  #computedDepthNear(line: number, address: Address): number | null {
    if (this.#computedIn[line] !== this.#operation) return null;
    const isNear = Math.abs(address - (this.#computed[line] as Address)) < LINE_WORDS;
    return isNear ? (this.#computedDepths[line] as number) : null;
  }

  /** The depth of an object's address. An address that no load has returned becomes known at depth 0. */
  #depthOf(object: number): number {
    if (object === 0) return 0;
    if (this.#knownIn[object] !== this.#operation) {
      this.#knownIn[object] = this.#operation;
      this.#depths[object] = 0;
    }
    return this.#depths[object] as number;
  }

  /** A loaded word may be the address of an object, which is then known. */
  #learnAddress(word: number, depth: number): void {
    const object = this.#objectOf[word] ?? 0;
    if (object === 0) return;
    const isKnown = this.#knownIn[object] === this.#operation;
    this.#knownIn[object] = this.#operation;
    this.#depths[object] = isKnown ? Math.min(this.#depths[object] as number, depth) : depth;
  }

  /** Whether an access is the operation's first of its kind to its line. The first of any kind counts the line. */
  #isFirst(address: Address, ofKind: Int32Array, ofOther: Int32Array): boolean {
    const line = address >>> LINE_SHIFT;
    if (ofKind[line] === this.#operation) return false;
    if (ofOther[line] !== this.#operation) this.#work.lines++;
    ofKind[line] = this.#operation;
    return true;
  }
}
