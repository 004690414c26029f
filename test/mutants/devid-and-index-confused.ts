import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-devid-and-index-confused',
  title: 'Mutant: the table of an entry is looked up by its index',
  summary:
    'The wrong half of irq_2_irte is used as the device id, so an unroute writes the right entry under the lock of ' +
    "another device's table, or under no lock.",
  source: 'Of our own making.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const { irData, irqs } = keptPointerParts(machine);
    return {
      ...operations,
      unroute(irq) {
        const irq2Irte = irqs.irDataOf(irq) + irData.at.irq2Irte;
        const right = memory.load(irq2Irte);
        memory.store(irq2Irte, (right << 16) | (right >>> 16));
        operations.unroute(irq);
        memory.store(irq2Irte, right);
      },
    };
  },
};

export default mutant;
