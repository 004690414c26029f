// Load and put of the designs with a list of entries for each vCPU, in the kernel's order. The list's lock is held over the
// change of the vCPU's state and all writes, so that a concurrent route or unroute sees all of it or nothing.
import type { Address } from '../../machine/memory.js';
import type { Hypervisor } from '../strategy.js';
import { NO_CPU } from './entry.js';

/** The lock of a vCPU's list. */
interface ListLock {
  lock(vcpu: Address): void;
  unlock(vcpu: Address): void;
}

/** SVM's notes of where a vCPU runs. */
export interface RunState {
  enter(vcpu: Address, cpu: number): void;
  leave(vcpu: Address, blocking: boolean): void;
}

/** @param updateAll - Updates all entries of a vCPU; under its list's lock. */
export function loadAndPut(
  { lock, unlock }: ListLock,
  { enter, leave }: RunState,
  updateAll: (vcpu: Address, cpu: number, isBlocking: boolean) => void,
): Pick<Hypervisor, 'load' | 'put'> {
  return {
    load(vcpu, cpu) {
      lock(vcpu);
      enter(vcpu, cpu);
      updateAll(vcpu, cpu, false);
      unlock(vcpu);
    },
    put(vcpu, blocking) {
      lock(vcpu);
      updateAll(vcpu, NO_CPU, blocking);
      leave(vcpu, blocking);
      unlock(vcpu);
    },
  };
}
