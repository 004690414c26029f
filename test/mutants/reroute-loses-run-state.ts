import { IS_RUN } from '../../machine/irte.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-reroute-loses-run-state',
  title: 'Mutant: a new vector on the same vCPU loses is_run and destination',
  summary: 'A route to the vCPU that the irq already posts to writes is_run 0 and destination 0.',
  source: 'B5, fixed by f3cebc75e742.',
  create(machine) {
    const operations = sound.create(machine);
    const { irData, editWord0, irqs, amend } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const isNewVector = irqs.vcpuOf(irq) === vcpu;
        operations.route(irq, vcpu, vector);
        if (!isNewVector) return;
        amend(irq, (entry) => {
          irData.setRunState(entry, 0);
          editWord0(entry, (word0) => word0 & ~IS_RUN);
        });
      },
    };
  },
};

export default mutant;
