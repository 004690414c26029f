import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-irq-cfg-written',
  title: "Mutant: an unroute writes the vector domain's irq_cfg",
  summary: 'The destination in the irq_cfg is masked after the entry was written from it, and put back.',
  source: 'Of our own making.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const { irData, irqs } = keptPointerParts(machine);
    return {
      ...operations,
      unroute(irq) {
        operations.unroute(irq);
        const cfg = memory.load(irqs.irDataOf(irq) + irData.at.cfg);
        const destination = memory.load(cfg);
        memory.store(cfg, 0);
        memory.store(cfg, destination);
      },
    };
  },
};

export default mutant;
