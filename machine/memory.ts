// The modelled host's memory: 32-bit words, address 0 is NULL, a cache line is 16 words.
// All state of a strategy lives here, so that its cache behaviour, its size and its bytes are the design's
// own and not V8's. What protects it: nothing but the locks that a strategy takes.

/** Index of a 32-bit word in {@link Memory}; 0 is NULL. */
export type Address = number;

/** The address that names nothing. */
export const NULL: Address = 0;

/** Words in a 64-byte cache line. */
export const LINE_WORDS = 16;

/** Bytes in a word. */
export const WORD_BYTES = 4;

/**
 * Address space of one host, in bytes. Pages are touched only when objects are placed in them, so this bounds
 * a host's size and costs nothing by itself. It is fixed because a memory that grows changes its view, and V8
 * then no longer treats the view as a constant.
 */
const DEFAULT_BYTES = 1 << 30;

const WASM_PAGE_BYTES = 65_536;

/** Word that holds the first address never handed out. It shares the line of NULL, which no object uses. */
const TOP: Address = 1;

/** A lock was taken while held, or released while free: on a real host, a CPU that spins for ever. */
export class LockError extends Error {
  override readonly name = 'LockError';
}

/** A modelled host has no room in its memory. That is a bound of the harness, and nothing that a design did wrong. */
export class OutOfMemoryError extends RangeError {
  override readonly name = 'OutOfMemoryError';
}

/**
 * Word-addressed memory on a shared WebAssembly buffer, whose start is page-aligned, so that line 0 begins
 * at word 0.
 *
 * @remarks `lock` and `unlock` are a plain load and store of the lock word: V8 calls a builtin for each
 * operation of Atomics, which would measure V8 and not the design.
 */
export class Memory {
  readonly words: Int32Array;

  /**
   * @param space - Address space in bytes, rounded up to 64 KiB; or the words of another memory, to be a second view
   * of it.
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

  /** Makes the memory what it was when it was new. */
  clear(): void {
    this.words.fill(0, 0, this.top);
    this.words[TOP] = LINE_WORDS;
  }

  /** The word at `address`, as int32. */
  load(address: Address): number {
    return this.words[address] as number;
  }

  /** Writes the word at `address`; `value` is taken as int32. */
  store(address: Address, value: number): void {
    this.words[address] = value;
  }

  /**
   * A read that may meet a write of another CPU, and means to: READ_ONCE() of the kernel. It is a load; what looks for
   * races leaves it out.
   */
  readOnce(address: Address): number {
    return this.load(address);
  }

  /** A write that may meet accesses of other CPUs, and means to: WRITE_ONCE() of the kernel. */
  writeOnce(address: Address, value: number): void {
    this.store(address, value);
  }

  /**
   * Takes the lock word at `address`.
   *
   * @throws LockError if it is held: with one CPU at a time, nobody would ever release it.
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
   * Hands out zeroed words that are never given back: tables made at boot, and the slabs' pages.
   *
   * @param words - How many.
   * @param alignWords - The address is a multiple of this; a power of two.
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
