// Whether each word that CPUs share has a lock which all of them hold when they touch it: the lockset algorithm of
// Eraser (Savage et al., "Eraser: A Dynamic Data Race Detector for Multithreaded Programs", 1997). It sees the races of
// all schedules in one run of operations one after the other, since it asks which locks are held, not what meets what.
//
// As in Eraser a word is at first its first thread's, then shared, and once somebody writes it while it is shared, the
// locks that all accesses have had in common may not come to none. Nothing is asked of a word that is only read once it
// is shared, nor of the locks themselves.
//
// What Eraser does not know is ownership that moves. An irq's list node and entry are under the lock of the list that
// they are on; the irq's own operations take them off that list, and put them on another. So for an operation on what
// its own thread has allocated:
//
//   - A shared word may be taken over by an operation that has held one of the word's common locks at some time, even if
//     it holds it no more. From then on the word is the owner's.
//   - What such an operation has not touched itself becomes the owner's at its end: once an irq is off its list nobody
//     else reaches any of its words, and the operation after may write them.
//   - While it is the owner's, the owner may touch it under any locks or none.
//   - When another touches it, there must be a lock in common with the owner's last access, or one that the owner has
//     taken in an operation since: it puts the word on a list under that lock without touching it. The word is shared
//     again.
//
// A design that takes the lock of the old list and leaves the entry there, to write it under the lock of the new one, is
// so caught at the next update from the old list. What the rule misses: where an owner touches a word under the wrong
// lock and then takes the right one, touching the word again or in a later operation, with nobody else in between, the
// first is forgotten. Other histories have somebody in between. An operation that comes last, as destroyVm does, may touch what its thread made as it likes; that
// the handler of the GA log still finds the VM is not seen there. And as in Eraser a lock that was held by chance hides a
// race until an access without it.
import type { Address } from '../../../machine/memory.js';
import type { Caller } from './callers.js';

/** An access to a shared word without a lock that all its accesses have. */
export interface Race {
  readonly address: Address;
  readonly isWrite: boolean;
  /** The design's locks that are held, in the order they were taken. */
  readonly locks: readonly Address[];
  /** Number of an operation that touched the word before, from 0: the one with which `locksBefore` came to be. */
  readonly before: number;
  /** The design's locks that the accesses before had in common; of the owner's, those of the last. */
  readonly locksBefore: readonly Address[];
}

/** What a word is, in the low bits of its state; above them is the number of a set of locks. */
const UNTOUCHED = 0;
/** Touched by one thread alone. */
const EXCLUSIVE = 1;
/** Touched by several, and not written since. The set: locks in common. */
const SHARED = 2;
/** The same, and written since. */
const MODIFIED = 3;
/**
 * The owner's, and written since it was first shared. The set: locks of the owner's last access; or those that the
 * operation has taken at whose end the word became the owner's.
 */
const TAKEN_OVER = 4;
/** The same, and not written since it was first shared. The set: always the latter. */
const GIVEN_BACK = 5;
/** A lock; or reported already. */
const IGNORED = 6;
const FREED = 7;

/** Number of the empty set. */
const NO_LOCKS = 0;

/** In place of a thread: the words of what was made at boot are of none. */
const NO_THREAD = 0;

const KIND_BITS = 3;
const KIND_MASK = (1 << KIND_BITS) - 1;

/** What a thread has made, and which locks it takes. */
interface Owner {
  /** Its objects, with some that are freed: the address of each, and its words. */
  readonly objects: number[];
  /** For each lock the number of the last operation that has taken it. */
  readonly lastTaken: Map<Address, number>;
}

/** The lockset of each word, over operations that come one after the other. */
export class Lockset {
  readonly #states: Int32Array;
  /** Number of the operation that gave a word its state. */
  readonly #operations: Int32Array;
  readonly #makerOf: (address: Address) => number;
  readonly #onRace: (race: Race) => void;

  /** The thread of each operation. */
  readonly #threads: number[] = [];
  #thread = 0;
  #isLast = false;
  /** Threads that have allocated something; and the one that runs, null if it has not. */
  readonly #owners = new Map<number, Owner>();
  #owner: Owner | null = null;

  /** What is held, in the order it was taken: what the caller holds, and then locks. */
  #held: number[] = [];
  /** Locks that the operation has taken, whether it still holds them or not. */
  #taken: Address[] = [];
  /** Numbers of the sets of what is held, of the locks among it, and of those taken; null until they are needed. */
  #heldSet: number | null = null;
  #lockSet: number | null = null;
  #takenSet: number | null = null;
  /** Counts the times that something may be held no more. */
  #moment = 0;
  /** For each set the last moment at which all of it was seen held, by a thread that owns nothing. */
  readonly #seenHeld: number[] = [0];
  /** All sets by their numbers; and the numbers, of sets of one by that, and of larger ones by their text. */
  readonly #sets: (readonly number[])[] = [[]];
  readonly #numbers = new Map<number | string, number>();

  /**
   * @param notes - Two numbers for each word, all 0.
   * @param makerOf - Number of the operation that allocated the object which a word belongs to; -1 for what was made at
   * boot.
   */
  constructor(
    notes: readonly [Int32Array, Int32Array],
    makerOf: (address: Address) => number,
    onRace: (race: Race) => void,
  ) {
    [this.#states, this.#operations] = notes;
    this.#makerOf = makerOf;
    this.#onRace = onRace;
  }

  /** Begins the next operation. */
  begin({ thread, holds, isLast }: Caller): void {
    this.#end();
    this.#threads.push(thread);
    this.#thread = thread;
    this.#isLast = isLast;
    this.#owner = this.#owners.get(thread) ?? null;
    this.#held = [...holds];
    this.#taken = [];
    this.#takenSet = null;
    this.#moment++;
    this.#forgetSets();
  }

  /** The operation was given an object. */
  allocated(address: Address, words: number): void {
    this.#states.fill(UNTOUCHED, address, address + words);
    if (this.#owner === null) {
      this.#owner = { objects: [], lastTaken: new Map() };
      this.#owners.set(this.#thread, this.#owner);
    }
    this.#owner.objects.push(address, words);
  }

  /** An object was taken back. */
  freed(address: Address, words: number): void {
    this.#states.fill(FREED, address, address + words);
  }

  locked(lock: Address): void {
    this.#states[lock] = IGNORED;
    this.#held.push(lock);
    this.#taken.push(lock);
    this.#forgetSets();
  }

  unlocked(lock: Address): void {
    if (this.#held.at(-1) === lock) this.#held.pop();
    else this.#held.splice(this.#held.lastIndexOf(lock), 1);
    this.#moment++;
    this.#forgetSets();
  }

  loaded(address: Address): void {
    const state = this.#states[address] as number;
    if (state !== ONLY_READ && !(isShared(state) && this.#isSeenHeld(state)))
      this.#access(address, state, false);
  }

  stored(address: Address): void {
    const state = this.#states[address] as number;
    if (!(isModified(state) && this.#isSeenHeld(state))) this.#access(address, state, true);
  }

  /** Ends the operation: what it may have taken off a list is its thread's. */
  #end(): void {
    const owner = this.#owner;
    if (owner === null || this.#isLast || this.#taken.length === 0) return;
    const operation = this.#threads.length - 1;
    for (const lock of this.#taken) owner.lastTaken.set(lock, operation);
    const { objects } = owner;
    for (let place = objects.length - 2; place >= 0; place -= 2) {
      const address = objects[place] as Address;
      if (this.#states[address] !== FREED && this.#makerThreadOf(address) === this.#thread) {
        this.#handOver(address, address + (objects[place + 1] as number));
        continue;
      }
      const words = objects.pop() as number;
      const last = objects.pop() as Address;
      if (place === objects.length) continue;
      objects[place] = last;
      objects[place + 1] = words;
    }
  }

  /** Hands the words of an object to its thread, whose operation ends: those that have a lock which it has taken. */
  #handOver(start: Address, end: Address): void {
    for (let address = start; address < end; address++) {
      const state = this.#states[address] as number;
      if (isShared(state) && this.#hasTakenOf(state >>> KIND_BITS)) {
        this.#takenSet ??= this.#numberOf([...new Set(this.#taken)].sort(ascending));
        this.#become(address, isModified(state) ? TAKEN_OVER : GIVEN_BACK, this.#takenSet);
      }
    }
  }

  /** Whether all locks of a state were seen to be held, so that there is nothing more to say. */
  #isSeenHeld(state: number): boolean {
    return this.#seenHeld[state >>> KIND_BITS] === this.#moment;
  }

  #access(address: Address, state: number, isWrite: boolean): void {
    const set = state >>> KIND_BITS;
    switch (state & KIND_MASK) {
      case UNTOUCHED:
        this.#become(address, EXCLUSIVE, NO_LOCKS);
        break;
      case EXCLUSIVE:
        // What its first thread did was to make it, and needs no lock.
        if (!this.#isLastOf(address)) this.#become(address, isWrite ? MODIFIED : SHARED, this.#setHeld());
        break;
      case SHARED:
        this.#accessShared(address, set, isWrite, isWrite);
        break;
      case MODIFIED:
        this.#accessShared(address, set, isWrite, true);
        break;
      case TAKEN_OVER:
        if (this.#isLastOf(address)) this.#become(address, TAKEN_OVER, this.#setOfLocks());
        else this.#share(address, this.#passedOnUnder(address, set), isWrite, true);
        break;
      case GIVEN_BACK:
        if (!this.#isLastOf(address)) {
          this.#share(address, this.#passedOnUnder(address, set), isWrite, isWrite);
        } else if (isWrite) this.#become(address, TAKEN_OVER, this.#setOfLocks());
        break;
      default:
        break;
    }
  }

  /** @param isWritten - Whether the word is written now or was since it is shared. */
  #accessShared(address: Address, set: number, isWrite: boolean, isWritten: boolean): void {
    if (isWritten && this.#owner !== null && this.#makerThreadOf(address) === this.#thread) {
      if (this.#isLast) return;
      if (this.#hasTakenOf(set)) {
        this.#become(address, TAKEN_OVER, this.#setOfLocks());
        return;
      }
    }
    this.#share(address, set, isWrite, isWritten);
  }

  /** Keeps those locks of a set that are held. */
  #share(address: Address, set: number, isWrite: boolean, isWritten: boolean): void {
    const common = this.#isHeld(set) ? set : this.#heldOf(set);
    if (isWritten && common === NO_LOCKS) {
      this.#report(address, set, isWrite);
      this.#become(address, IGNORED, NO_LOCKS);
      return;
    }
    const kind = isWritten ? MODIFIED : SHARED;
    if (stateOf(kind, common) !== this.#states[address]) this.#become(address, kind, common);
    if (this.#owner === null && common !== NO_LOCKS) this.#seenHeld[common] = this.#moment;
  }

  #report(address: Address, set: number, isWrite: boolean): void {
    this.#onRace({
      address,
      isWrite,
      locks: this.#held.filter(isLock),
      before: this.#operations[address] as number,
      locksBefore: (this.#sets[set] as readonly number[]).filter(isLock),
    });
  }

  #become(address: Address, kind: number, set: number): void {
    this.#states[address] = stateOf(kind, set);
    this.#operations[address] = this.#threads.length - 1;
  }

  #forgetSets(): void {
    this.#heldSet = null;
    this.#lockSet = null;
  }

  /** The thread that has made the object of a word. */
  #makerThreadOf(address: Address): number {
    return this.#threads[this.#makerOf(address)] ?? NO_THREAD;
  }

  /** Whether the operation has taken one lock of a set at least. */
  #hasTakenOf(set: number): boolean {
    const locks = this.#sets[set] as readonly number[];
    return locks.some((lock) => this.#taken.includes(lock));
  }

  /** The locks under which an owner's word may be touched: its set, and what is held that the owner has taken since. */
  #passedOnUnder(address: Address, set: number): number {
    const operation = this.#operations[address] as number;
    const lastTaken = this.#owners.get(this.#threads[operation] as number)?.lastTaken;
    const since = this.#held.filter((lock) => (lastTaken?.get(lock) ?? operation) > operation);
    if (since.length === 0) return set;
    const locks = this.#sets[set] as readonly number[];
    return this.#numberOf([...new Set([...locks, ...since])].sort(ascending));
  }

  /** Whether the thread is the one that gave a word its state. */
  #isLastOf(address: Address): boolean {
    return this.#threads[this.#operations[address] as number] === this.#thread;
  }

  /** Whether all of a set is held. */
  #isHeld(set: number): boolean {
    const locks = this.#sets[set] as readonly number[];
    const held = this.#held;
    for (let index = 0; index < locks.length; index++) {
      let place = held.length - 1;
      while (place >= 0 && held[place] !== locks[index]) place--;
      if (place < 0) return false;
    }
    return true;
  }

  /** What of a set is held. */
  #heldOf(set: number): number {
    const locks = this.#sets[set] as readonly number[];
    return this.#numberOf(locks.filter((lock) => this.#held.includes(lock)));
  }

  /** All that is held. */
  #setHeld(): number {
    this.#heldSet ??= this.#numberOf([...this.#held].sort(ascending));
    return this.#heldSet;
  }

  /** The locks that are held, without what the caller holds: that keeps an owner apart from itself alone. */
  #setOfLocks(): number {
    this.#lockSet ??= this.#numberOf(this.#held.filter(isLock).sort(ascending));
    return this.#lockSet;
  }

  /** Number of a set, in ascending order. */
  #numberOf(set: readonly number[]): number {
    if (set.length === 0) return NO_LOCKS;
    const key = set.length === 1 ? (set[0] as number) : set.join();
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#sets.push(set) - 1;
      this.#numbers.set(key, number);
      this.#seenHeld.push(0);
    }
    return number;
  }
}

const ascending = (one: number, other: number): number => one - other;

const stateOf = (kind: number, set: number): number => kind | (set << KIND_BITS);

const isModified = (state: number): boolean => (state & KIND_MASK) === MODIFIED;

/** Whether a word is shared, and written or not. */
const isShared = (state: number): boolean => isModified(state) || (state & KIND_MASK) === SHARED;

/** Of a word that is only read, by some without a lock. */
const ONLY_READ = stateOf(SHARED, NO_LOCKS);

/** Whether what is held is a lock, and not the caller itself or its CPU. */
const isLock = (held: number): boolean => held > 0;
