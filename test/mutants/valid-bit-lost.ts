import { VALID } from '../../machine/irte.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-valid-bit-lost',
  title: 'Mutant: an unroute loses the valid bit',
  summary: 'The remap entry that an unroute writes is right except for valid, so its interrupts are aborted.',
  source: 'B10, fixed by 26e495f34107.',
  create(machine) {
    const { unroute } = keptPointerParts({
      ...machine,
      modifyIrte: (table, irte, word0, ...rest) => machine.modifyIrte(table, irte, word0 & ~VALID, ...rest),
    }).irqs;
    return { ...sound.create(machine), unroute };
  },
};

export default mutant;
