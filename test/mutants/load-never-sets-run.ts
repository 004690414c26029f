import { IS_RUN } from '../../machine/irte.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-load-never-sets-run',
  title: 'Mutant: a load never sets is_run',
  summary: 'A load writes the destination alone. Every interrupt takes the GA log, and still arrives.',
  source: 'Of our own making.',
  create(machine) {
    const { irData, editWord0, loadAndPutWith } = keptPointerParts(machine);
    const { load } = loadAndPutWith((entry, cpu) => {
      irData.setRunState(entry, cpu);
      editWord0(entry, (word0) => word0 & ~IS_RUN);
      irData.commit(entry);
    });
    return { ...sound.create(machine), load };
  },
};

export default mutant;
