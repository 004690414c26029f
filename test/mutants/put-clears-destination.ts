import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-put-clears-destination',
  title: 'Mutant: a put clears the destination',
  summary:
    'A put writes is_run 0 and destination 0, where the destination is to be kept. No interrupt shows it.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irData, updateAll } = keptPointerParts(machine);
    return {
      ...operations,
      put(vcpu, blocking) {
        const noteState = (): void => svm.leave(vcpu, blocking);
        updateAll(vcpu, noteState, (entry) => {
          irData.setRunState(entry, 0, false);
          irData.commit(entry);
        });
      },
    };
  },
};

export default mutant;
