import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-unlock-twice',
  title: 'Mutant: a route away from a vCPU unlocks its list twice',
  summary: 'The list lock of the old vCPU is released by the removal, and once more by the route.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const previous = irqs.vcpuOf(irq);
        operations.route(irq, vcpu, vector);
        if (previous !== NULL && previous !== vcpu) irqs.unlock(previous);
      },
    };
  },
};

export default mutant;
