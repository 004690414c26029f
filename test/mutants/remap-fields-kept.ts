import { IS_RUN } from '../../machine/irte.js';
import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-remap-fields-kept',
  title: 'Mutant: dm of the remap entry is read as is_run',
  summary: 'A route from remap to guest mode keeps lo bit 6, which was dm = 1 and is now is_run.',
  source: 'B20.',
  create(machine) {
    const operations = sound.create(machine);
    const { editWord0, irqs, amend } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const wasRemap = irqs.vcpuOf(irq) === NULL;
        operations.route(irq, vcpu, vector);
        if (wasRemap) amend(irq, (entry) => editWord0(entry, (word0) => word0 | IS_RUN));
      },
    };
  },
};

export default mutant;
