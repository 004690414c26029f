// Judges the locks of a design from the memory accesses of sequential operations: whether the locks protect the shared
// words, and whether they are always taken in the same order.

import { type Address, WORD_BYTES } from '../../../machine/memory.js';
import { isWithoutLocks } from '../../../strategies/limits.js';
import type { Operation } from '../../../workloads/stream/stream.js';
import type { CheckedMemory } from '../memory/checked-memory.js';
import type { MemoryNames } from '../memory-names.js';
import { NONE } from '../model.js';
import type { JudgeContext } from '../reporter.js';
import { callerOf } from './callers.js';
import { type Edge, LockOrder } from './lock-order.js';
import { Lockset, type Race } from './lockset.js';

/**
 * Judges the locks of a strategy from now on. The judge observes the accesses of the strategy and of the host.
 *
 * @returns Begins an operation, before the model applies it.
 */
export function judgeDiscipline(
  { strategy, replay, model, reporter }: JudgeContext,
  memory: CheckedMemory,
  names: MemoryNames,
): (operation: Operation) => void {
  const { irtes } = replay.host;
  /** Words below this address belong to the host. */
  const { hostEnd } = memory;
  const makerOf = (address: Address): number => memory.allocationAt(address)?.madeBy ?? NONE;
  /** Null for a design that takes no locks. */
  const lockset = isWithoutLocks(strategy) ? null : new Lockset(memory.behind.notes, makerOf, reportRace);
  const order = new LockOrder(names.ofLockClass, reportCycle);

  const describeLocks = (locks: readonly Address[]): string =>
    locks.length === 0 ? 'no lock' : locks.map(names.ofLock).join(' and ');

  function reportRace({ address, isWrite, locks, before, locksBefore }: Race): void {
    reporter.report('lockset', 'data-race', () => {
      const held = describeLocks(locks);
      const heldBefore = describeLocks(locksBefore);
      const isOwn = before === reporter.operations() - 1;
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

  function reportCycle(cycle: readonly Edge[]): void {
    reporter.report('lock-order', 'lock-inversion', () => {
      const [first, ...others] = cycle as [Edge, ...Edge[]];
      const back = others.map(
        ({ held, taken, operation }) => `${names.ofOperation(operation)} took ${taken} holding ${held}`,
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

  memory.behind.observer = {
    loaded(address) {
      // Hardware reads the live entries without a lock.
      if (address >= hostEnd) lockset?.loaded(address);
    },
    stored(address) {
      if (address >= hostEnd || (address >= irtes.start && address < irtes.end)) lockset?.stored(address);
    },
    locked(lock) {
      lockset?.locked(lock);
      order.locked(lock);
    },
    unlocked(lock) {
      lockset?.unlocked(lock);
      order.unlocked(lock);
    },
  };
  memory.onAlloc = ({ address, bytes }) => lockset?.allocated(address, wordsIn(bytes));
  memory.onFree = ({ address, bytes }) => {
    lockset?.freed(address, wordsIn(bytes));
    order.freed(address, wordsIn(bytes));
  };

  return ({ name, operand, argument }) => {
    const cpu = name === 'load' ? argument : name === 'put' ? model.cpuOf(operand) : NONE;
    lockset?.begin(callerOf(name, operand, cpu));
    order.begin();
  };
}

/** Words of an object. */
const wordsIn = (bytes: number): number => Math.ceil(bytes / WORD_BYTES);
