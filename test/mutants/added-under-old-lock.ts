import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-added-under-old-lock',
  title: 'Mutant: a route moves an irq to the new list under the lock of the old one',
  summary: 'One lock is held for the whole move, but it is not the lock of the new list.',
  source: 'Of our own making: a lock misplaced.',
  create(machine) {
    const operations = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const previous = irqs.vcpuOf(irq);
        if (previous !== NULL && previous !== vcpu) {
          irqs.lock(previous);
          irqs.del(irq);
          irqs.add(irq, vcpu);
          irqs.unlock(previous);
        }
        operations.route(irq, vcpu, vector);
      },
    };
  },
};

export default mutant;
