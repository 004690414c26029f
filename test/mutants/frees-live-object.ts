import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-frees-live-object',
  title: "Mutant: an irq's node is given back while it is in use",
  summary:
    'allocIrq gives the node back at its end instead of freeIrq. It serves on as the irq, until the ' +
    'next allocIrq gets the same node, or writes through a free list that the irq has written into.',
  source: 'Of our own making: the way out of an error that the way of success falls into.',
  create(machine) {
    const operations = sound.create(machine);
    const { irData, irqs } = keptPointerParts(machine);
    return {
      ...operations,
      allocIrq(number, devid) {
        const irq = operations.allocIrq(number, devid);
        irqs.free(irq);
        return irq;
      },
      freeIrq: (irq) => irData.free(irqs.irDataOf(irq)),
    };
  },
};

export default mutant;
