import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/entry.js';
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
    const { irData, irqs, amend } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const wasRemap = irqs.vcpuOf(irq) === NULL;
        operations.route(irq, vcpu, vector);
        if (wasRemap) amend(irq, (entry) => irData.setRunState(entry, NO_CPU, true));
      },
    };
  },
};

export default mutant;
