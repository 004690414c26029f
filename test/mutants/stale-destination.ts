import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/entry.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-stale-destination',
  title: 'Mutant: a load keeps the old destination',
  summary: 'A load sets only is_run, so the doorbell rings on the previous CPU of the vCPU.',
  source: 'Of our own making.',
  create(machine) {
    const { irData, loadAndPutWith } = keptPointerParts(machine);
    const { load } = loadAndPutWith((entry) => {
      irData.setRunState(entry, NO_CPU, true);
      irData.commit(entry);
    });
    return { ...sound.create(machine), load };
  },
};

export default mutant;
