// Judges the locks of a design from the memory accesses of sequential operations: whether the locks protect the shared
// words, and whether they are always taken in the same order.

import { type Address, WORD_BYTES } from '../../../machine/memory.js';
import { isWithoutLocks } from '../../../strategies/limits.js';
import type { Operation } from '../../../workloads/stream/stream.js';
import type { Replay } from '../../replay/replay.js';
import type { CheckedMemory } from '../memory/checked-memory.js';
import type { MemoryObserver } from '../memory/observed-memory.js';
import type { MemoryNames } from '../memory-names.js';
import { type Model, NONE } from '../model.js';
import type { JudgeContext, Reporter } from '../reporter.js';
import { callerOf } from './callers.js';
import { type Edge, LockOrder } from './lock-order.js';
import { Lockset, type Race } from './lockset.js';

/** The judge of locks. It observes the accesses of the strategy and of the host. */
export class DisciplineJudge implements MemoryObserver {
  readonly #model: Model;
  readonly #reporter: Reporter;
  readonly #names: MemoryNames;
  readonly #irtes: Replay['host']['irtes'];
  /** Words below this address belong to the host. */
  readonly #hostEnd: Address;
  /** Null for a design that takes no locks. */
  readonly #lockset: Lockset | null;
  readonly #order: LockOrder;

  constructor(
    { strategy, replay, model, reporter }: JudgeContext,
    memory: CheckedMemory,
    names: MemoryNames,
  ) {
    this.#model = model;
    this.#reporter = reporter;
    this.#names = names;
    this.#irtes = replay.host.irtes;
    this.#hostEnd = memory.hostEnd;
    const makerOf = (address: Address): number => memory.allocationAt(address)?.madeBy ?? NONE;
    this.#lockset = isWithoutLocks(strategy)
      ? null
      : new Lockset(memory.behind.notes, makerOf, (race) => this.#reportRace(race));
    this.#order = new LockOrder(
      (lock) => names.ofLockClass(lock),
      (cycle) => this.#reportCycle(cycle),
    );
    memory.behind.observer = this;
    memory.onAlloc = ({ address, bytes }) => this.#lockset?.allocated(address, wordsIn(bytes));
    memory.onFree = ({ address, bytes }) => {
      this.#lockset?.freed(address, wordsIn(bytes));
      this.#order.freed(address, wordsIn(bytes));
    };
  }

  /** Begins an operation, before the model applies it. */
  begin({ name, operand, argument }: Operation): void {
    const cpu = name === 'load' ? argument : name === 'put' ? this.#model.cpuOf(operand) : NONE;
    this.#lockset?.begin(callerOf(name, operand, cpu));
    this.#order.begin();
  }

  loaded(address: Address): void {
    // Hardware reads the live entries without a lock.
    if (address >= this.#hostEnd) this.#lockset?.loaded(address);
  }

  stored(address: Address): void {
    if (address >= this.#hostEnd || this.#isIrte(address)) this.#lockset?.stored(address);
  }

  locked(lock: Address): void {
    this.#lockset?.locked(lock);
    this.#order.locked(lock);
  }

  unlocked(lock: Address): void {
    this.#lockset?.unlocked(lock);
    this.#order.unlocked(lock);
  }

  #isIrte(address: Address): boolean {
    return address >= this.#irtes.start && address < this.#irtes.end;
  }

  #reportRace({ address, isWrite, locks, before, locksBefore }: Race): void {
    this.#reporter.report('lockset', 'data-race', () => {
      const held = this.#describeLocks(locks);
      const heldBefore = this.#describeLocks(locksBefore);
      const names = this.#names;
      const isOwn = before === this.#reporter.operations - 1;
      const example = isOwn ? 'others of this operation' : names.ofOperation(before);
      return {
        expected: `a lock that all who touch the word hold, as before ${heldBefore}`,
        found: held,
        outcome:
          `${isWrite ? 'wrote' : 'read'} ${names.ofWord(address)} holding ${held}; ` +
          `those before, such as ${example}, held ${heldBefore}`,
      };
    });
  }

  #reportCycle(cycle: readonly Edge[]): void {
    this.#reporter.report('lock-order', 'lock-inversion', () => {
      const [first, ...others] = cycle as [Edge, ...Edge[]];
      const back = others.map(
        ({ held, taken, operation }) => `${this.#names.ofOperation(operation)} took ${taken} holding ${held}`,
      );
      const found = `took ${first.taken} holding ${first.held}`;
      const isNested = others.length === 0;
      return {
        expected: 'locks of different kinds, always in the same order',
        found,
        outcome: isNested ? `took ${first.taken} holding another such` : `${found}; ${back.join('; ')}`,
      };
    });
  }

  #describeLocks(locks: readonly Address[]): string {
    return locks.length === 0 ? 'no lock' : locks.map((lock) => this.#names.ofLock(lock)).join(' and ');
  }
}

/** Words of an object. */
const wordsIn = (bytes: number): number => Math.ceil(bytes / WORD_BYTES);
