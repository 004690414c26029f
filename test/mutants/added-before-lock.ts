import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-added-before-lock',
  title: "Mutant: a first route puts the irq on its vCPU's list before it takes the list's lock",
  summary: 'The rest is right. Two CPUs that add to the same list at the same time lose one of the irqs.',
  source: 'Of our own making: a lock taken too late.',
  create(machine) {
    const operations = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        if (irqs.vcpuOf(irq) === NULL) irqs.add(irq, vcpu);
        operations.route(irq, vcpu, vector);
      },
    };
  },
};

export default mutant;
