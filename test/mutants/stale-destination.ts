import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/ir-data.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-stale-destination',
  title: 'Mutant: a load keeps the old destination',
  summary: 'A load sets is_run alone, so that the doorbell rings where the vCPU was before.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irData, updateAll } = keptPointerParts(machine);
    return {
      ...operations,
      load(vcpu, cpu) {
        const noteState = (): void => svm.enter(vcpu, cpu);
        updateAll(vcpu, noteState, (entry) => {
          irData.setRunState(entry, NO_CPU, true);
          irData.commit(entry);
        });
      },
    };
  },
};

export default mutant;
