import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-live-entry-never-written',
  title: 'Mutant: load and put edit the shadow entry alone',
  summary: 'The live entries stay as the route wrote them: an update silently does nothing.',
  source: 'B9, fixed by 730ad0ede130.',
  create(machine) {
    const { irData, loadAndPutWith } = keptPointerParts(machine);
    return { ...sound.create(machine), ...loadAndPutWith(irData.setRunState) };
  },
};

export default mutant;
