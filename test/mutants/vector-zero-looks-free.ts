import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vector-zero-looks-free',
  title: 'Mutant: an entry with vector 0 looks free',
  summary: 'A guest routes an irq to vector 0. The next irq of the device gets the same entry.',
  source: 'N21.',
  create: (machine) =>
    sound.create({
      ...machine,
      freeIrteIndex(table) {
        let index = 0;
        while ((machine.memory.load(machine.irteAt(table, index) + 2) & 0xff) !== 0) index++;
        return index;
      },
    }),
};

export default mutant;
