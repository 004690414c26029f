import { NULL } from '../../src/machine/memory.js';
import sound from '../../src/strategies/ir-data-pointer.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-list-locks-crossed',
  title: "Mutant: a route takes the new list's lock while it holds the old one's",
  summary: 'Two routes that cross, each to the list that the other comes from, wait for each other for ever.',
  source: 'Of our own making.',
  create(machine) {
    const verbs = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...verbs,
      route(irq, vcpu, vector) {
        const previous = irqs.vcpuOf(irq);
        if (previous !== NULL && previous !== vcpu) {
          irqs.lock(previous);
          irqs.lock(vcpu);
          irqs.del(irq);
          irqs.add(irq, vcpu);
          irqs.unlock(vcpu);
          irqs.unlock(previous);
        }
        verbs.route(irq, vcpu, vector);
      },
    };
  },
};

export default mutant;
