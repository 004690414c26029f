import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-both-lists-locked',
  title: "Mutant: a route takes the new list's lock while it holds the old one's",
  summary:
    'The irq is on a list at all times. But two concurrent routes in opposite directions deadlock: each holds the ' +
    'lock that the other waits for.',
  source: 'Of our own making: locks of one kind nested without an order.',
  create(machine) {
    const operations = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...operations,
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
        operations.route(irq, vcpu, vector);
      },
    };
  },
};

export default mutant;
