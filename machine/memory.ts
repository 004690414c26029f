// The modelled host's memory: 32-bit words, address 0 is NULL, a cache line is 16 words. All state of a strategy lives
// here, so its cache behaviour, size and bytes belong to the design and not to V8. Only the locks that a strategy takes
// protect it.

/** Index of a 32-bit word in {@link Memory}; 0 is NULL. */
export type Address = number;

/** The address of nothing. */
export const NULL: Address = 0;

/** Words in a 64-byte cache line. */
export const LINE_WORDS = 16;

/** Bytes in a word. */
export const WORD_BYTES = 4;

/**
 * Address space of one host, in bytes. The operating system provides a page when it is first touched, so an unused part
 * costs nothing. The size is fixed, because V8 does not treat the view of a growing memory as a constant.
 */
export const DEFAULT_BYTES = 1 << 30;

/**
 * Marks a lock that is bit 0 of a word: judges know it by the word's address plus this number. It exceeds all addresses.
 */
const BIT_LOCK = 2 ** 30;

/** The lock that is bit 0 of a word, as judges know it. A lock that is a whole word is known by its address. */
export const bitLockOf = (address: Address): number => address + BIT_LOCK;

/** Whether a lock is bit 0 of its word. */
export const isBitLock = (lock: number): boolean => lock >= BIT_LOCK;

/** The word that a lock lies in. */
export const wordOfLock = (lock: number): Address => (isBitLock(lock) ? lock - BIT_LOCK : lock);

/** A size in bytes, rounded up to whole cache lines. */
export const alignToLine = (bytes: number): number =>
  Math.ceil(bytes / (LINE_WORDS * WORD_BYTES)) * LINE_WORDS * WORD_BYTES;

const WASM_PAGE_BYTES = 65_536;

/** Holds the first address that was never handed out. It shares the line of NULL, which no object uses. */
const TOP: Address = 1;

/** A lock was taken while held, or released while free. On a real host a CPU would spin forever. */
export class LockError extends Error {
  override readonly name = 'LockError';
}

/** The memory of a modelled host is full. This is a bound of the harness and no failure of a strategy. */
export class OutOfMemoryError extends RangeError {
  override readonly name = 'OutOfMemoryError';
}

/**
 * Word-addressed memory on a shared WebAssembly buffer. The buffer is page-aligned, so line 0 begins at word 0.
 *
 * @remarks `lock` and `unlock` are a plain load and store of the lock word. V8 calls a builtin for each operation of
 * Atomics, so a timing would measure V8 and not the design.
 */
export class Memory {
  readonly words: Int32Array;

  /**
   * @param space - Address space in bytes, rounded up to 64 KiB; or the words of another memory, for a second view of
   * it.
   */
  constructor(space: number | Int32Array = DEFAULT_BYTES) {
    if (typeof space !== 'number') {
      this.words = space;
      return;
    }
    const pages = Math.ceil(space / WASM_PAGE_BYTES);
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.words = new Int32Array(buffer);
    this.words[TOP] = LINE_WORDS;
  }

  /** The first address that was never handed out. */
  get top(): Address {
    return this.words[TOP] as number;
  }

  protected set top(address: Address) {
    this.words[TOP] = address;
  }

  /** Returns the memory to its initial state. */
  clear(): void {
    this.words.fill(0, 0, this.top);
    this.words[TOP] = LINE_WORDS;
  }

  /** The word at `address`, as int32. */
  load(address: Address): number {
    return this.words[address] as number;
  }

  /** Writes the word at `address`; `value` is converted to int32. */
  store(address: Address, value: number): void {
    this.words[address] = value;
  }

  /** A read that may race with a write of another CPU on purpose: the kernel's READ_ONCE(). Race checks ignore it. */
  readOnce(address: Address): number {
    return this.load(address);
  }

  /** A write that may race with accesses of other CPUs on purpose: the kernel's WRITE_ONCE(). */
  writeOnce(address: Address, value: number): void {
    this.store(address, value);
  }

  /**
   * Takes the lock word at `address`.
   *
   * @throws LockError if it is held. One CPU runs at a time, so nobody would ever release it.
   */
  lock(address: Address): void {
    if (this.words[address] !== 0) throw new LockError(`lock at ${address} taken while held`);
    this.words[address] = 1;
  }

  /**
   * Releases the lock word at `address`.
   *
   * @throws LockError if it is free.
   */
  unlock(address: Address): void {
    if (this.words[address] !== 1) throw new LockError(`lock at ${address} released while free`);
    this.words[address] = 0;
  }

  /**
   * Takes the lock that is bit 0 of the word at `address`, like the kernel's bit_spin_lock(). The other bits stay.
   *
   * @throws LockError if it is held.
   */
  lockBit(address: Address): void {
    const word = this.words[address] as number;
    if ((word & 1) !== 0) throw new LockError(`lock bit at ${address} taken while held`);
    this.words[address] = word | 1;
  }

  /**
   * Releases the lock that is bit 0 of the word at `address`. The other bits stay.
   *
   * @throws LockError if it is free.
   */
  unlockBit(address: Address): void {
    const word = this.words[address] as number;
    if ((word & 1) === 0) throw new LockError(`lock bit at ${address} released while free`);
    this.words[address] = word & ~1;
  }

  /**
   * Hands out zeroed words that are never freed: tables made at boot, and the slabs' pages.
   *
   * @param alignWords - The address is a multiple of this power of two.
   * @throws OutOfMemoryError if the address space is used up.
   */
  reserve(words: number, alignWords: number = LINE_WORDS): Address {
    const address = Math.ceil(this.top / alignWords) * alignWords;
    if (address + words > this.words.length) {
      throw new OutOfMemoryError(
        `the modelled host needs more than its ${this.words.length * WORD_BYTES} bytes of memory`,
      );
    }
    this.words[TOP] = address + words;
    return address;
  }
}
