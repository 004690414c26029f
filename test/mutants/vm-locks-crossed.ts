import type { Address } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Hypervisor, Strategy } from '../../strategies/strategy.js';
import { relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vm-locks-crossed',
  title:
    'Mutant: createVm locks the VM table and then the ids, and destroyVm locks the ids and then the VM table',
  summary:
    'createVm takes its vm_id while it holds the VM table, and destroyVm takes the VM out of the table while it ' +
    'holds the ids. The two deadlock when they run concurrently.',
  source: 'Of our own making: locks misordered.',
  create(machine) {
    const { memory } = machine;
    const { sound: operations, relocked, table } = relockable(sound, machine);
    const [ids, vms] = [table('svm_vm_bitmap_lock'), table('svm_vm_data_hash_lock')];
    /** Takes one lock around another. */
    const nested = (outer: Address, inner: Address): Hypervisor =>
      relocked({
        lock(lock) {
          if (lock === inner) memory.lock(outer);
          memory.lock(lock);
        },
        unlock(lock) {
          memory.unlock(lock);
          if (lock === inner) memory.unlock(outer);
        },
      });
    return { ...operations, createVm: nested(vms, ids).createVm, destroyVm: nested(ids, vms).destroyVm };
  },
};

export default mutant;
