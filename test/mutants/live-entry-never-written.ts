import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/ir-data.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-live-entry-never-written',
  title: 'Mutant: load and put edit the shadow entry alone',
  summary: 'The live entries stay as the route wrote them: an update silently does nothing.',
  source: 'B9.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irData, updateAll } = keptPointerParts(machine);
    return {
      ...operations,
      load(vcpu, cpu) {
        const noteState = (): void => svm.enter(vcpu, cpu);
        updateAll(vcpu, noteState, (entry) => irData.setRunState(entry, cpu, true));
      },
      put(vcpu, blocking) {
        const noteState = (): void => svm.leave(vcpu, blocking);
        updateAll(vcpu, noteState, (entry) => irData.setRunState(entry, NO_CPU, false));
      },
    };
  },
};

export default mutant;
