import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-read-after-free',
  title: "Mutant: an irq's node is freed, and then read",
  summary:
    'freeIrq frees the node before it reads the ir_data pointer from it. The word still has its old value.',
  source: 'Of our own making: two lines in the wrong order.',
  create(machine) {
    const operations = sound.create(machine);
    const { irData, irqs, freeSvmIrq } = keptPointerParts(machine);
    return {
      ...operations,
      freeIrq(irq) {
        freeSvmIrq(irq);
        irData.free(irqs.irDataOf(irq));
      },
    };
  },
};

export default mutant;
