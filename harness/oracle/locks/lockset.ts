// Checks that each shared word has a common lock, held at every access: the lockset algorithm of Eraser (Savage et al.,
// "Eraser: A Dynamic Data Race Detector for Multithreaded Programs", 1997). One sequential run can show
// races of schedules that never ran, since the algorithm compares the locks that are held, not the times of accesses.
//
// As in Eraser a word first belongs to its first thread, and then is shared. Once a shared word is written, its
// accesses must keep at least one common lock. Words that are only read while shared need no lock, and neither do the
// locks themselves.
//
// Eraser does not know that ownership can move. The lock of a list protects the list nodes and entries of the irqs on
// the list, and an irq's own operations move them from one list to another. So more rules hold for an operation on
// words that its own thread has allocated:
//
//   - If an operation held a common lock of a shared word at any time, its next access makes its thread the owner, even
//     after the release.
//   - At the end of such an operation its thread also becomes the owner of the other words of its objects. Once an irq is
//     off its list, no other thread can reach its words, and the next operation may write them.
//   - The owner may touch its words under any locks, or none.
//   - When another thread touches an owned word, it must hold a lock of the owner's last access, or a lock that the owner has
//     taken in a later operation: the owner may add the word to a list under that lock without touching it. Then the word is
//     shared again.
//
// Example: a design takes the lock of the old list, leaves the entry there, and writes it under the lock of the new
// list. The next update from the old list shows the race.
//
// The rules miss some races. An owner may touch a word under the wrong lock, and then again under the right one, or
// take the right lock in a later operation. If no other thread comes between, the first access is forgotten; in other
// histories one does. A last operation, such as destroyVm, may touch all words of its thread, so a GA log handler that
// still finds the VM is missed. As in Eraser, a lock that is held by chance hides a race until an access without it.
import { type Address, isBitLock } from '../../../machine/memory.js';
import type { Caller } from './callers.js';

/** An access that leaves a shared word without a common lock. */
export interface Race {
  readonly address: Address;
  readonly isWrite: boolean;
  /** The held locks of the design, in the order they were taken. */
  readonly locks: readonly Address[];
  /** Number, from 0, of the earlier operation after which `locksBefore` were the common locks. */
  readonly before: number;
  /** The common locks of the earlier accesses; of an owned word, the locks of the owner's last access. */
  readonly locksBefore: readonly Address[];
}

/** The kind of a word's state, in its low bits. The bits above are the number of a set of locks. */
const UNTOUCHED = 0;
/** Touched by one thread. */
const EXCLUSIVE = 1;
/** Touched by several threads, and not written since. The set: the common locks. */
const SHARED = 2;
/** The same, and written since. */
const MODIFIED = 3;
/**
 * Owned, and written since it was first shared. The set: the locks of the owner's last access, or the locks that an
 * operation had taken when the word became owned at its end.
 */
const TAKEN_OVER = 4;
/** Owned, and not written since it was first shared. The set: the locks that the operation had taken. */
const GIVEN_BACK = 5;
/** A lock, or a word whose race is already reported. */
const IGNORED = 6;
const FREED = 7;

/** Number of the empty set. */
const NO_LOCKS = 0;

/** The thread of words that were allocated at boot. */
const NO_THREAD = 0;

const KIND_BITS = 3;
const KIND_MASK = (1 << KIND_BITS) - 1;

/** The objects of a thread, and the locks that it takes. */
interface Owner {
  /** The length in words of each object, by address; some may be freed. */
  readonly objects: Map<Address, number>;
  /** The last operation that has taken each lock. */
  readonly lastTaken: Map<Address, number>;
}

/** The lockset of each word, over sequential operations. */
export class Lockset {
  readonly #states: Int32Array;
  /** The operation that gave each word its state. */
  readonly #operations: Int32Array;
  readonly #makerOf: (address: Address) => number;
  readonly #onRace: (race: Race) => void;

  /** The thread of each operation. */
  readonly #threads: number[] = [];
  #thread = 0;
  #isLast = false;
  /** Threads that have allocated objects, and the current one of them; null if the current thread has not. */
  readonly #owners = new Map<number, Owner>();
  #owner: Owner | null = null;

  /** The caller's own exclusions, then the held locks, in the order they were taken. */
  #held: number[] = [];
  /** Locks that the operation has taken, including released ones. */
  #taken: Address[] = [];
  /** Numbers of three sets: all of #held, the locks among it, and #taken. Null until they are needed. */
  #heldSet: number | null = null;
  #lockSet: number | null = null;
  #takenSet: number | null = null;
  /** Counts the events after which a lock may no longer be held. */
  #moment = 0;
  /** For each set the last #moment at which all of it was held by a thread that owns no objects. */
  readonly #seenHeld: number[] = [0];
  /** The sets by number. A set of one lock is keyed by its lock, a larger one by its joined text. */
  readonly #sets: (readonly number[])[] = [[]];
  readonly #numbers = new Map<number | string, number>();

  /**
   * @param notes - Two numbers for each word, all 0.
   * @param makerOf - Gives the operation that allocated the object of a word; -1 for an object made at boot.
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

  /** Notes that the operation has allocated an object. */
  allocated(address: Address, words: number): void {
    this.#states.fill(UNTOUCHED, address, address + words);
    if (this.#owner === null) {
      this.#owner = { objects: new Map(), lastTaken: new Map() };
      this.#owners.set(this.#thread, this.#owner);
    }
    this.#owner.objects.set(address, words);
  }

  /** Notes that an object is freed. */
  freed(address: Address, words: number): void {
    this.#states.fill(FREED, address, address + words);
  }

  locked(lock: number): void {
    // The other bits of a word with a lock bit are data, which the bit may protect.
    if (!isBitLock(lock)) this.#states[lock] = IGNORED;
    this.#held.push(lock);
    this.#taken.push(lock);
    this.#forgetSets();
  }

  unlocked(lock: number): void {
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

  /** Ends the operation. Its thread becomes the owner of words that it may have taken off a list. */
  #end(): void {
    const owner = this.#owner;
    if (owner === null || this.#isLast || this.#taken.length === 0) return;
    const operation = this.#threads.length - 1;
    for (const lock of this.#taken) owner.lastTaken.set(lock, operation);
    for (const [address, words] of owner.objects) {
      const isOwn = this.#states[address] !== FREED && this.#makerThreadOf(address) === this.#thread;
      if (isOwn) this.#takeOver(address, address + words);
      else owner.objects.delete(address);
    }
  }

  /** Makes the thread of the ending operation the owner of an object's words that share a lock with #taken. */
  #takeOver(start: Address, end: Address): void {
    for (let address = start; address < end; address++) {
      const state = this.#states[address] as number;
      if (isShared(state) && this.#hasTakenOf(state >>> KIND_BITS)) {
        this.#takenSet ??= this.#numberOf([...new Set(this.#taken)].sort(ascending));
        this.#become(address, isModified(state) ? TAKEN_OVER : GIVEN_BACK, this.#takenSet);
      }
    }
  }

  /** Whether all locks of a state are known to be held, so that the access changes nothing. */
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
        // The first thread initialised the word, which needs no lock.
        if (!this.#isLastOf(address)) this.#become(address, isWrite ? MODIFIED : SHARED, this.#setHeld());
        break;
      case SHARED:
      case MODIFIED:
        this.#accessShared(address, set, isWrite, isWrite || isModified(state));
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

  /** @param isWritten - Whether the word is being written, or was written since it was shared. */
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

  /** Reduces the common locks of a word to the held ones. */
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

  /** The thread that has allocated the object of a word. */
  #makerThreadOf(address: Address): number {
    return this.#threads[this.#makerOf(address)] ?? NO_THREAD;
  }

  /** Whether the operation has taken at least one lock of a set. */
  #hasTakenOf(set: number): boolean {
    const locks = this.#sets[set] as readonly number[];
    return locks.some((lock) => this.#taken.includes(lock));
  }

  /**
   * The locks under which another thread may touch an owned word: its set, and held locks that the owner has taken
   * since.
   */
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
    for (const lock of this.#sets[set] as readonly number[]) if (!this.#held.includes(lock)) return false;
    return true;
  }

  /** The held part of a set. */
  #heldOf(set: number): number {
    const locks = this.#sets[set] as readonly number[];
    return this.#numberOf(locks.filter((lock) => this.#held.includes(lock)));
  }

  /** All of #held. */
  #setHeld(): number {
    this.#heldSet ??= this.#numberOf([...this.#held].sort(ascending));
    return this.#heldSet;
  }

  /** The held locks. The caller's exclusions (its thread, its CPU) do not count as locks here. */
  #setOfLocks(): number {
    this.#lockSet ??= this.#numberOf(this.#held.filter(isLock).sort(ascending));
    return this.#lockSet;
  }

  /** The number of a set whose members ascend. */
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

/** Whether a word is shared, written or not. */
const isShared = (state: number): boolean => isModified(state) || (state & KIND_MASK) === SHARED;

/** The state of a word that is only read, sometimes without a lock. */
const ONLY_READ = stateOf(SHARED, NO_LOCKS);

/** Whether a member of #held is a lock, and not the caller's thread or CPU. */
const isLock = (held: number): boolean => held > 0;
