import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-lost-unlock',
  title: 'Mutant: a new vector on the same vCPU leaves the list locked',
  summary: 'A route to the vCPU that the irq already posts to returns with the list lock held.',
  source: 'Of our own making: one of two paths does not unlock.',
  create(machine) {
    const operations = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const isNewVector = irqs.vcpuOf(irq) === vcpu;
        operations.route(irq, vcpu, vector);
        if (isNewVector) irqs.lock(vcpu);
      },
    };
  },
};

export default mutant;
