// A memory that knows each allocated and freed object, and the operation that allocated it. A strategy that is checked
// sees only this memory; the host works on the unchecked memory behind it. The method is that of the kernel's KASAN: a
// shadow of each word, unallocated words between objects, and late reuse of freed objects.
import { type Address, LINE_WORDS, Memory, WORD_BYTES } from '../../../machine/memory.js';
import { type Kmalloc, type KmemCache, kmallocSize } from '../../../machine/slab.js';
import type { ObservedMemory } from './observed-memory.js';

/** One object of kmalloc or one table made at boot. */
export interface Allocation {
  /** The struct, such as "amd_ir_data", or the name of a table made at boot. */
  readonly struct: string;
  readonly address: Address;
  /** The requested size. The strategy may not use the allocator's padding. */
  readonly bytes: number;
  /** The operation that allocated it; -1 at boot. */
  madeBy: number;
  /** The operation that freed it; null while it is live. */
  freedBy: number | null;
  /** Whether it belongs to the host, such as an irq_cfg. A strategy may only read it. */
  isHosts: boolean;
}

/** The kinds of faults. */
export type FaultKind =
  /** A word of an object that was freed. */
  | 'freed'
  /** The wakeup of a vCPU that was freed before its look-up had ended, or after. */
  | 'found-freed'
  | 'freed-before-wakeup'
  /** A word that belongs to no object, or no word at all. */
  | 'unallocated'
  /** A write to a word of the host. */
  | 'foreign'
  /** A free of no object, of a freed object, or with a wrong size. */
  | 'bad-free';

/** A wrong access or free. */
export interface Fault {
  readonly kind: FaultKind;
  /** The action, such as "read" or "freed again". */
  readonly action: string;
  readonly address: Address;
  /** The present or former object of the word; null if there is none. */
  readonly object: Allocation | null;
}

/** Freed objects of a size before the oldest of them is reused. */
const QUARANTINE = 1 << 12;

/** Unallocated words between objects. */
const RED_ZONE_WORDS = LINE_WORDS;

/**
 * An allocation costs this many accesses of the budget, and one more for each line. The number is large enough to end an
 * operation that allocates without end before the memory of a history is exhausted, even with the largest budget.
 */
const HANDOUT_ACCESSES = 128;

/** The search distance for the object before an unallocated word, in words. */
const NEIGHBOURHOOD_WORDS = 2 * RED_ZONE_WORDS;

/** Multipliers of a fingerprint: 2^32 over the golden ratio, and xxHash's second prime. */
const ODD = 0x9e3779b1;
const ANOTHER_ODD = 0x85ebca77;

/** A strategy's view of a host's memory. */
export class CheckedMemory extends Memory {
  /** The memory that the host works on. */
  readonly behind: ObservedMemory;
  /** Number of the current operation; allocations are recorded with it. */
  operation = 0;
  /** Receives each fault. */
  onFault: (fault: Fault) => void = () => {};
  /** Receives each allocated object. */
  onAlloc: (object: Allocation) => void = () => {};
  /** Receives each freed object. */
  onFree: (object: Allocation) => void = () => {};

  /** For each word the number of its present or former allocation, from 1; 0 for none. */
  readonly #shadow: Int32Array;
  /** The end of the words with a shadow. The memory's top is unsuitable, since other views change it. */
  #shadowEnd: Address = 0;
  readonly #allocations: Allocation[] = [];
  /** Freed objects by size, oldest first. */
  readonly #quarantine = new Map<number, Address[]>();
  /** Words below this and above NULL's line belong to the host. */
  hostEnd: Address = 0;
  /** The state when the memory was kept: its allocations, the live ones, and the first free word. */
  #kept = { allocations: 0, live: [] as Allocation[], top: 0 };

  constructor(behind: ObservedMemory) {
    // A strategy that bypasses load() and store() finds no words.
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

  /** Makes all words handed out so far the host's own. */
  seal(): void {
    this.hostEnd = this.top;
    for (const object of this.#allocations) {
      object.isHosts = true;
      object.madeBy = -1;
    }
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
   * Keeps the allocations, and the memory behind, for {@link rewind}. Objects that are already freed are never reused.
   */
  keep(): void {
    this.#quarantine.clear();
    const live = this.#allocations.filter(({ freedBy }) => freedBy === null);
    this.#kept = { allocations: this.#allocations.length, live, top: this.top };
    this.behind.keep();
  }

  /** Restores the memory, and the one behind, to the state that was kept. */
  rewind(): void {
    const { allocations, live, top } = this.#kept;
    this.#shadow.fill(0, top, this.#shadowEnd);
    this.#allocations.length = allocations;
    this.#quarantine.clear();
    for (const object of live) object.freedBy = null;
    this.behind.rewind();
  }

  /**
   * A fingerprint of the stores and allocations since the memory was kept. Equal fingerprints mean equal words and
   * objects, except by a rare chance.
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
    for (let index = 0; index < behind.journaled; index++) {
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

  override lockBit(address: Address): void {
    if (this.#mayWrite(address, 'locked')) this.behind.lockBit(address);
  }

  override unlockBit(address: Address): void {
    if (this.#mayWrite(address, 'unlocked')) this.behind.unlockBit(address);
  }

  /** The strategy's objects that are not freed; tables made at boot are none. */
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

  /** Reports a write through the host to a word that is not the strategy's. */
  reportForeign(action: string, address: Address): void {
    this.onFault({ kind: 'foreign', action, address, object: this.allocationAt(address) });
  }

  /** A kmalloc whose objects are recorded, separated, and reused late. */
  readonly heap: Kmalloc = {
    cacheFor: (bytes, struct = `object of ${bytes} bytes`): KmemCache => ({
      alloc: () => this.#alloc(bytes, struct),
      free: (address) => this.#free(address, bytes),
    }),
    live: () => {
      const bySize = new Map<number, number>();
      for (const { bytes, freedBy, madeBy, isHosts } of this.#allocations) {
        if (freedBy !== null || (madeBy < 0 && !isHosts)) continue;
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

  /** The present or former object or table of a word; null if there is none. */
  allocationAt(address: Address): Allocation | null {
    return this.#allocations[(this.#shadow[address] ?? 0) - 1] ?? null;
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
    if (address >= LINE_WORDS && address < this.hostEnd) return true;
    this.onFault({ kind: 'unallocated', action, address, object: null });
    return false;
  }

  /** A write between objects, or to NULL's line, has no effect. */
  #judgeWrite(address: Address, action: string, object: Allocation | undefined): boolean {
    if (!this.#judgeRead(address, action, object)) return false;
    if (object === undefined || object.isHosts) {
      this.onFault({ kind: 'foreign', action, address, object: object ?? null });
    }
    return true;
  }

  /** The object that ends shortly before a word; null if there is none. */
  objectBefore(address: Address): Allocation | null {
    for (let back = 1; back <= NEIGHBOURHOOD_WORDS; back++) {
      const object = this.allocationAt(address - back);
      if (object !== null) return object;
    }
    return null;
  }
}
