import { NULL } from '../../src/machine/memory.js';
import sound from '../../src/strategies/ir-data-pointer.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-added-without-lock',
  title: "Mutant: an irq is put on its first list without the list's lock",
  summary: 'Two routes to one vCPU at once may leave one of the irqs off the list, or the list broken.',
  source: 'Of our own making.',
  create(machine) {
    const verbs = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...verbs,
      route(irq, vcpu, vector) {
        if (irqs.vcpuOf(irq) === NULL) irqs.add(irq, vcpu);
        verbs.route(irq, vcpu, vector);
      },
    };
  },
};

export default mutant;
