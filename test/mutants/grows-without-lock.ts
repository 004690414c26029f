import sound from '../../strategies/pointer-array.js';
import type { Strategy } from '../../strategies/strategy.js';
import { relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-grows-without-lock',
  title: 'Mutant: a route grows the array of a vCPU without its lock',
  summary: 'A load of another CPU walks the array while the irqs move out of it and it is freed.',
  source: 'Of our own making: a lock taken too late.',
  create(machine) {
    const { memory } = machine;
    let grows = false;
    const { sound: operations, relocked } = relockable(sound, {
      ...machine,
      kmalloc(bytes, struct) {
        grows = struct === 'array of ir_data';
        return machine.kmalloc(bytes, struct);
      },
    });
    const { route } = relocked({
      lock(lock) {
        if (!grows) memory.lock(lock);
      },
      unlock(lock) {
        if (!grows) memory.unlock(lock);
        grows = false;
      },
    });
    return { ...operations, route };
  },
};

export default mutant;
