import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-unroute-keeps-list-node',
  title: 'Mutant: an unrouted irq stays on the list of its vCPU',
  summary:
    'The entry correctly returns to the host, but the list of the old vCPU still leads to the irq after it is freed.',
  source: 'B7, fixed by 9bcac97dc42d (CVE-2025-37885).',
  create(machine) {
    const operations = sound.create(machine);
    const { irData, irqs } = keptPointerParts(machine);
    return {
      ...operations,
      unroute(irq) {
        const vcpu = irqs.vcpuOf(irq);
        irqs.lock(vcpu);
        irData.setRemapMode(irqs.irDataOf(irq));
        irqs.unlock(vcpu);
      },
    };
  },
};

export default mutant;
