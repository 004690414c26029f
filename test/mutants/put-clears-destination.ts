import { IS_RUN } from '../../machine/irte.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-put-clears-destination',
  title: 'Mutant: a put clears the destination',
  summary:
    'A put writes is_run 0 and destination 0, but it must keep the destination. No interrupt shows the bug.',
  source: 'Of our own making.',
  create(machine) {
    const { irData, editWord0, loadAndPutWith } = keptPointerParts(machine);
    const { put } = loadAndPutWith((entry) => {
      irData.setRunState(entry, 0);
      editWord0(entry, (word0) => word0 & ~IS_RUN);
      irData.commit(entry);
    });
    return { ...sound.create(machine), put };
  },
};

export default mutant;
