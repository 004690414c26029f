import { VALID } from '../../machine/irte.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-briefly-invalid',
  title: 'Mutant: an update writes the entry invalid, and then as it should be',
  summary: 'Every entry ends right, but an interrupt between the two writes is aborted.',
  source: 'B11, fixed by e52d58d54a32.',
  create: (machine) =>
    sound.create({
      ...machine,
      updateIrte(table, irte, word0, ...words) {
        machine.updateIrte(table, irte, word0 & ~VALID, ...words);
        machine.updateIrte(table, irte, word0, ...words);
      },
    }),
};

export default mutant;
