import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { withWrongIrData } from './parts/wrong-ir-data.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-null-ir-data-on-list',
  title: 'Mutant: a NULL ir_data is put on the list',
  summary:
    'An unroute clears the ir_data pointer that SVM keeps, and the next route lists the irq like that.',
  source: 'B8.',
  create: (machine) =>
    withWrongIrData(machine, (operation, before) => (operation === 'unroute' ? NULL : before)),
};

export default mutant;
