import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/entry.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-fields-confused',
  title: 'Mutant: a put takes ga_vector for ga_root_ptr',
  summary: 'A put writes the root pointer from the field of ir_data beside the one that holds it.',
  source: 'Of our own making.',
  create(machine) {
    const { irData, loadAndPutWith } = keptPointerParts(machine);
    const { put } = loadAndPutWith((entry) => {
      irData.setRootPage(entry, machine.memory.load(entry + irData.at.gaVector));
      irData.setRunState(entry, NO_CPU);
      irData.commit(entry);
    });
    return { ...sound.create(machine), put };
  },
};

export default mutant;
