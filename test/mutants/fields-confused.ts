import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/ir-data.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-fields-confused',
  title: 'Mutant: a put takes ga_vector for ga_root_ptr',
  summary: 'A put writes the root pointer from the field of ir_data beside the one that holds it.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irData, updateAll } = keptPointerParts(machine);
    return {
      ...operations,
      put(vcpu, blocking) {
        const noteState = (): void => svm.leave(vcpu, blocking);
        updateAll(vcpu, noteState, (entry) => {
          irData.setRootPage(entry, machine.memory.load(entry + irData.at.gaVector));
          irData.setRunState(entry, NO_CPU, false);
          irData.commit(entry);
        });
      },
    };
  },
};

export default mutant;
