import { WORD_BYTES } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-free-wrong-size',
  title: 'Mutant: an object is given back to the cache of another size',
  summary:
    "freeIrq gives SVM's side of the irq, a node of 32 bytes, to the cache of the shadow entries, of 16.",
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { irData, irqs } = keptPointerParts(machine);
    const entries = machine.kmemCache(4 * WORD_BYTES);
    return {
      ...operations,
      freeIrq(irq) {
        irData.free(irqs.irDataOf(irq));
        entries.free(irq);
      },
    };
  },
};

export default mutant;
