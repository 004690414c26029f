import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-reroute-taken-for-done',
  title: 'Mutant: a new vector on the same vCPU is not written',
  summary: 'A route of an irq that already posts to this vCPU returns immediately, so the old vector stays.',
  source: 'Of our own making: an early return that forgets what else may have changed.',
  create(machine) {
    const operations = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        if (irqs.vcpuOf(irq) !== vcpu) operations.route(irq, vcpu, vector);
      },
    };
  },
};

export default mutant;
