import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-double-free',
  title: "Mutant: an irq's node is given back twice",
  summary: "freeIrq gives SVM's side of the irq back, and gives it back again.",
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { freeSvmIrq } = keptPointerParts(machine);
    return {
      ...operations,
      freeIrq(irq) {
        operations.freeIrq(irq);
        freeSvmIrq(irq);
      },
    };
  },
};

export default mutant;
