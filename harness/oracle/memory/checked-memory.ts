// A memory that knows what is allocated, by which operation, and what was freed. It is what strategies see of a host
// while they are checked; the host itself works on the memory behind it, which nothing checks. Comparable to the
// kernel's KASAN: a shadow of each word, unallocated words between objects, and freed objects that are reused late.
import { type Address, LINE_WORDS, Memory, WORD_BYTES } from '../../../machine/memory.js';
import { type Kmalloc, type KmemCache, kmallocSize } from '../../../machine/slab.js';
import type { ObservedMemory } from './observed-memory.js';

/** One object of kmalloc or one table made at boot. */
export interface Allocation {
  /** What it is, such as "amd_ir_data"; of a table made at boot its name. */
  readonly struct: string;
  readonly address: Address;
  /** As asked for; what the allocator rounds up to is not the strategy's. */
  readonly bytes: number;
  /** The operation that made it. */
  readonly madeBy: number;
  /** The operation that freed it; null while it is live. */
  freedBy: number | null;
  /** Whether it belongs to the host, such as an irq_cfg, so that a strategy may read it and no more. */
  isHosts: boolean;
}

/** What is wrong with an access or a free. */
export type FaultKind =
  /** A word of an object that was freed. */
  | 'freed'
  /** A word that belongs to no object, or no word at all. */
  | 'unallocated'
  /** A write to what belongs to the host. */
  | 'foreign'
  /** Giving back what is no object, is freed already, or has another size. */
  | 'bad-free';

/** A fault, as it happens. */
export interface Fault {
  readonly kind: FaultKind;
  /** What was done, such as "read" or "freed again". */
  readonly action: string;
  readonly address: Address;
  /** The object that the word belongs or belonged to; null if none. */
  readonly object: Allocation | null;
}

/** Objects of a size that are freed before the first of them is handed out again. */
const QUARANTINE = 1 << 12;

/** Words between objects that belong to none. */
const RED_ZONE_WORDS = LINE_WORDS;

/**
 * Accesses that an object counts as when it is handed out, besides one for each line. With so many an operation that
 * allocates without end is ended before the memory of a history is used up, also with the largest budget.
 */
const HANDOUT_ACCESSES = 128;

/** How far before an unallocated word its neighbour is looked for, in words. */
const NEIGHBOURHOOD_WORDS = 2 * RED_ZONE_WORDS;

/** Multipliers of a fingerprint: 2^32 over the golden ratio, and xxHash's second prime. */
const ODD = 0x9e3779b1;
const ANOTHER_ODD = 0x85ebca77;

/** The view of a strategy on a host's memory. */
export class CheckedMemory extends Memory {
  /** The memory that the host works on. */
  readonly behind: ObservedMemory;
  /** Number of the operation that runs; it is what allocations are remembered by. */
  operation = 0;
  /** Hears each fault. */
  onFault: (fault: Fault) => void = () => {};
  /** Hears of each object that is handed out. */
  onAlloc: (object: Allocation) => void = () => {};
  /** Hears of each object that is taken back. */
  onFree: (object: Allocation) => void = () => {};

  /** For each word the number of the allocation that it belongs or belonged to, from 1; 0 for none. */
  readonly #shadow: Int32Array;
  /** The first address above all that have a shadow. The top of the memory does not tell: other views set it. */
  #shadowEnd: Address = 0;
  readonly #allocations: Allocation[] = [];
  /** Freed objects by size, oldest first. */
  readonly #quarantine = new Map<number, Address[]>();
  #hostEnd: Address = 0;
  /** What there was when the memory was kept: so many allocations, which of them were live, and the first free word. */
  #kept = { allocations: 0, live: [] as Allocation[], top: 0 };

  constructor(behind: ObservedMemory) {
    // Who goes past load() and store() finds no words.
    super(new Int32Array(0));
    this.behind = behind;
    this.#shadow = new Int32Array(behind.words.length);
  }

  override get top(): Address {
    return this.behind.top;
  }

  override reserve(words: number, alignWords?: number): Address {
    return this.behind.reserve(words, alignWords);
  }

  /** Takes all that was handed out so far for the host's own. */
  seal(): void {
    this.#hostEnd = this.top;
  }

  /** Words below this and above NULL's line belong to the host. */
  get hostEnd(): Address {
    return this.#hostEnd;
  }

  override clear(): void {
    this.#shadow.fill(0, 0, this.#shadowEnd);
    this.#shadowEnd = 0;
    this.#allocations.length = 0;
    this.#quarantine.clear();
    this.onAlloc = () => {};
    this.onFree = () => {};
    this.behind.clear();
  }

  /**
   * Keeps what is allocated, and the memory behind, for {@link rewind}. What was freed by then is not handed out again.
   */
  keep(): void {
    this.#quarantine.clear();
    const live = this.#allocations.filter(({ freedBy }) => freedBy === null);
    this.#kept = { allocations: this.#allocations.length, live, top: this.top };
    this.behind.keep();
  }

  /** Makes the memory, and the one behind, what they were when they were kept. */
  rewind(): void {
    const { allocations, live, top } = this.#kept;
    this.#shadow.fill(0, top, this.#shadowEnd);
    this.#allocations.length = allocations;
    this.#quarantine.clear();
    for (const object of live) object.freedBy = null;
    this.behind.rewind();
  }

  /**
   * What was stored and allocated since the memory was kept, in a word: equal, but by a rare chance, only if the words
   * and the objects are.
   */
  fingerprint(): string {
    const { behind } = this;
    const seen = new Set<Address>();
    let [one, other] = [0, 0];
    const fold = (address: Address, value: number): void => {
      one = (one + Math.imul(Math.imul(address, ODD) ^ value, ANOTHER_ODD)) | 0;
      const mixed = Math.imul(Math.imul(value, ODD) ^ address, ANOTHER_ODD);
      other = (other + (mixed ^ (mixed >>> 15))) | 0;
    };
    for (let index = 0; index < behind.journalled; index++) {
      const address = behind.storedAt(index);
      if (seen.has(address)) continue;
      seen.add(address);
      fold(address, behind.words[address] as number);
    }
    for (const { address, freedBy, bytes } of this.#allocations)
      fold(address, freedBy === null ? bytes : -bytes);
    return `${one} ${other} ${this.top}`;
  }

  override load(address: Address): number {
    return this.#mayRead(address, 'read') ? this.behind.load(address) : 0;
  }

  override store(address: Address, value: number): void {
    if (this.#mayWrite(address, 'wrote')) this.behind.store(address, value);
  }

  override readOnce(address: Address): number {
    return this.#mayRead(address, 'read') ? this.behind.readOnce(address) : 0;
  }

  override writeOnce(address: Address, value: number): void {
    if (this.#mayWrite(address, 'wrote')) this.behind.writeOnce(address, value);
  }

  override lock(address: Address): void {
    if (this.#mayWrite(address, 'locked')) this.behind.lock(address);
  }

  override unlock(address: Address): void {
    if (this.#mayWrite(address, 'unlocked')) this.behind.unlock(address);
  }

  /** Objects that are not freed; tables made at boot are none. */
  live(): Allocation[] {
    return this.#allocations.filter(({ freedBy, madeBy }) => freedBy === null && madeBy >= 0);
  }

  /** Notes a table made at boot. */
  noteTable(address: Address, bytes: number, name = 'a table made at boot'): void {
    this.#note({ struct: name, address, bytes, madeBy: -1, freedBy: null, isHosts: false });
  }

  /** Makes an object the host's: the strategy may read it. */
  giveToHost(address: Address): void {
    const object = this.allocationAt(address);
    if (object !== null) object.isHosts = true;
  }

  /** Tells of a write through the host to what is not the strategy's. */
  reportForeign(action: string, address: Address): void {
    this.onFault({ kind: 'foreign', action, address, object: this.allocationAt(address) });
  }

  /** A kmalloc whose objects are known, lie apart, and are reused late. */
  readonly heap: Kmalloc = {
    cacheFor: (bytes, struct = `object of ${bytes} bytes`): KmemCache => ({
      alloc: () => this.#alloc(bytes, struct),
      free: (address) => this.#free(address, bytes),
    }),
    live: () => {
      const bySize = new Map<number, number>();
      for (const { bytes } of this.live()) {
        const size = kmallocSize(bytes);
        bySize.set(size, (bySize.get(size) ?? 0) + 1);
      }
      return bySize;
    },
  };

  #alloc(bytes: number, struct: string): Address {
    const size = kmallocSize(bytes);
    const freed = this.#quarantine.get(size) ?? [];
    const words = size / WORD_BYTES;
    const reused = freed.length > QUARANTINE ? freed.shift() : undefined;
    const address = reused ?? this.reserve(words + RED_ZONE_WORDS);
    this.behind.words.fill(0, address, address + words);
    this.#shadow.fill(0, address, address + words);
    const object = { struct, address, bytes, madeBy: this.operation, freedBy: null, isHosts: false };
    this.#note(object);
    this.onAlloc(object);
    return address;
  }

  #free(address: Address, bytes: number): void {
    const object = this.allocationAt(address);
    const fault = (action: string): void => this.onFault({ kind: 'bad-free', action, address, object });
    if (object === null || object.address !== address || object.madeBy < 0) {
      fault('freed what is no object');
      return;
    }
    if (object.freedBy !== null) {
      fault('freed again');
      return;
    }
    if (object.bytes !== bytes) fault(`freed as one of ${bytes} bytes`);
    object.freedBy = this.operation;
    this.onFree(object);
    const size = kmallocSize(object.bytes);
    const freed = this.#quarantine.get(size) ?? [];
    freed.push(address);
    this.#quarantine.set(size, freed);
  }

  #note(allocation: Allocation): void {
    const words = Math.ceil(allocation.bytes / WORD_BYTES);
    this.behind.spend(HANDOUT_ACCESSES + Math.ceil(words / LINE_WORDS));
    const number = this.#allocations.push(allocation);
    const end = allocation.address + words;
    this.#shadowEnd = Math.max(this.#shadowEnd, end);
    this.#shadow.fill(number, allocation.address, end);
  }

  /** The object or table that a word belongs to, or belonged to; null if none. */
  allocationAt(address: Address): Allocation | null {
    return this.#allocations[(this.#shadow[address] ?? 0) - 1] ?? null;
  }

  #isHosts(address: Address): boolean {
    return address >= LINE_WORDS && address < this.#hostEnd;
  }

  #mayRead(address: Address, action: string): boolean {
    const object = this.#allocations[(this.#shadow[address] as number) - 1];
    if (object !== undefined && object.freedBy === null) return true;
    return this.#judgeRead(address, action, object);
  }

  #mayWrite(address: Address, action: string): boolean {
    const object = this.#allocations[(this.#shadow[address] as number) - 1];
    if (object !== undefined && object.freedBy === null && !object.isHosts) return true;
    return this.#judgeWrite(address, action, object);
  }

  #judgeRead(address: Address, action: string, object: Allocation | undefined): boolean {
    this.behind.spend();
    if (object !== undefined && object.freedBy === null) return true;
    if (object !== undefined) {
      this.onFault({ kind: 'freed', action, address, object });
      return true;
    }
    if (this.#isHosts(address)) return true;
    this.onFault({ kind: 'unallocated', action, address, object: null });
    return false;
  }

  /** Words between objects, and of NULL's line, hold nothing: a write there is not made. */
  #judgeWrite(address: Address, action: string, object: Allocation | undefined): boolean {
    if (!this.#judgeRead(address, action, object)) return false;
    if (object === undefined || object.isHosts) {
      this.onFault({ kind: 'foreign', action, address, object: object ?? null });
    }
    return true;
  }

  /** The object that ends shortly before a word; null if none does. */
  objectBefore(address: Address): Allocation | null {
    for (let back = 1; back <= NEIGHBOURHOOD_WORDS; back++) {
      const object = this.allocationAt(address - back);
      if (object !== null) return object;
    }
    return null;
  }
}
