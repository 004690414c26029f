import { IS_RUN } from '../../machine/irte.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-stale-destination',
  title: 'Mutant: a load keeps the old destination',
  summary: 'A load sets only is_run, so the doorbell rings on the previous CPU of the vCPU.',
  source: 'Of our own making.',
  create(machine) {
    const { irData, editWord0, loadAndPutWith } = keptPointerParts(machine);
    const { load } = loadAndPutWith((entry) => {
      editWord0(entry, (word0) => word0 | IS_RUN);
      irData.commit(entry);
    });
    return { ...sound.create(machine), load };
  },
};

export default mutant;
