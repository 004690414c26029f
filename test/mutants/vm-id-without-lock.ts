import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vm-id-without-lock',
  title: 'Mutant: a vm_id is taken from the bitmap without its lock',
  summary: 'Two VMs that are created at the same time may get the same vm_id.',
  source: 'Of our own making: a lock dropped.',
  create(machine) {
    const { memory } = machine;
    const { sound: operations, relocked, table } = relockable(sound, machine);
    const bitmapLock = table('svm_vm_bitmap_lock');
    const { createVm } = relocked({
      lock(lock) {
        if (lock !== bitmapLock) memory.lock(lock);
      },
      unlock(lock) {
        if (lock !== bitmapLock) memory.unlock(lock);
      },
    });
    return { ...operations, createVm };
  },
};

export default mutant;
