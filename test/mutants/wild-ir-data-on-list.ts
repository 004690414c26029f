import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { withWrongIrData } from './parts/wrong-ir-data.js';

/** What lay on the stack. No object is there. */
const UNINITIALISED = 0xf0_0000;

const mutant: Strategy = {
  ...sound,
  id: 'mutant-wild-ir-data-on-list',
  title: 'Mutant: an uninitialised ir_data pointer is put on the list',
  summary: 'SVM goes on as if the driver had reported success and had filled in no ir_data.',
  source: 'N11: 07172206a26d.',
  create: (machine) =>
    withWrongIrData(machine, (operation, before) => (operation === 'route' ? UNINITIALISED : before)),
};

export default mutant;
