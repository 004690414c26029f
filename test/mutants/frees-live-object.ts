import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-frees-live-object',
  title: "Mutant: an irq's node is given back while it is in use",
  summary:
    'allocIrq frees the node at its end, and freeIrq does not. The node still serves as the irq, until the next ' +
    'allocIrq gets the same node or follows a free list that the irq has overwritten.',
  source: 'Of our own making: the success path falls through into the error path.',
  create(machine) {
    const operations = sound.create(machine);
    const { irData, irqs, freeSvmIrq } = keptPointerParts(machine);
    return {
      ...operations,
      allocIrq(number, devid) {
        const irq = operations.allocIrq(number, devid);
        freeSvmIrq(irq);
        return irq;
      },
      freeIrq: (irq) => irData.free(irqs.irDataOf(irq)),
    };
  },
};

export default mutant;
