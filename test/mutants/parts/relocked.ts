// For mutants that lock wrongly: more instances of a sound strategy on the same tables. They differ only in how they
// take locks.
import { hlistBlIn } from '../../../machine/lists.js';
import type { Machine } from '../../../machine/machine.js';
import { type Address, Memory } from '../../../machine/memory.js';
import type { Hypervisor, Strategy } from '../../../strategies/strategy.js';

/** How locks are taken and released. */
export type Locking = Pick<Memory, 'lock' | 'unlock'> & Partial<Pick<Memory, 'lockBit' | 'unlockBit'>>;

/** Takes no lock. */
export const NO_LOCKING = { lock() {}, unlock() {}, lockBit() {}, unlockBit() {} };

/** A view of a memory that locks in another way. */
class RelockedMemory extends Memory {
  readonly #behind: Memory;
  readonly #locking: Locking;

  constructor(behind: Memory, locking: Locking) {
    super(behind.words);
    this.#behind = behind;
    this.#locking = locking;
  }

  override load(address: Address): number {
    return this.#behind.load(address);
  }

  override store(address: Address, value: number): void {
    this.#behind.store(address, value);
  }

  override readOnce(address: Address): number {
    return this.#behind.readOnce(address);
  }

  override writeOnce(address: Address, value: number): void {
    this.#behind.writeOnce(address, value);
  }

  override lock(address: Address): void {
    this.#locking.lock(address);
  }

  override unlock(address: Address): void {
    this.#locking.unlock(address);
  }

  override lockBit(address: Address): void {
    (this.#locking.lockBit ?? this.#behind.lockBit.bind(this.#behind))(address);
  }

  override unlockBit(address: Address): void {
    (this.#locking.unlockBit ?? this.#behind.unlockBit.bind(this.#behind))(address);
  }
}

/** A sound strategy on a host, and a way to make more instances of it. */
interface Relockable {
  readonly sound: Hypervisor;
  /** Another instance, on the same tables, with this locking. */
  relocked(locking: Locking): Hypervisor;
  /** Address of a table made at boot. */
  table(name: string): Address;
}

/** Makes the sound strategy. */
export function relockable(strategy: Strategy, machine: Machine): Relockable {
  const tables = new Map<string, Address>();
  const table = (name: string): Address => tables.get(name) as Address;
  const sound = strategy.create({
    ...machine,
    bootAlloc(bytes, name = '') {
      const address = machine.bootAlloc(bytes, name);
      tables.set(name, address);
      return address;
    },
  });
  return {
    sound,
    table,
    relocked(locking) {
      const memory = new RelockedMemory(machine.memory, locking);
      return strategy.create({
        ...machine,
        memory,
        hlistBl: hlistBlIn(memory, machine.host.pointerBytes),
        bootAlloc: (_bytes, name = '') => table(name),
      });
    },
  };
}
