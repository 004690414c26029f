import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-list-cycle',
  title: 'Mutant: a new vector on the same vCPU adds the irq to the list again',
  summary: 'A node that is added twice leads to itself, or back to one before it, and a walk does not end.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const isNewVector = irqs.vcpuOf(irq) === vcpu;
        operations.route(irq, vcpu, vector);
        if (!isNewVector) return;
        irqs.lock(vcpu);
        irqs.add(irq, vcpu);
        irqs.unlock(vcpu);
      },
    };
  },
};

export default mutant;
