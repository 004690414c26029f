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
    const { irData, loadAndPutWith } = keptPointerParts(machine);
    const { load } = loadAndPutWith((entry, cpu) => {
      irData.setRunState(entry, cpu, false);
      irData.commit(entry);
    });
    return { ...sound.create(machine), load };
  },
};

export default mutant;
