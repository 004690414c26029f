import type { Address } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/entry.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-put-commits-after-unlock',
  title: 'Mutant: a put writes the live entries after it has released the list',
  summary:
    'It edits the shadow entries under the lock and copies them to the live entries afterwards, to hold the lock for ' +
    'less time. By then an irq may be on another list, or freed.',
  source: 'Of our own making: a lock released too early.',
  create(machine) {
    const { irData, loadAndPutWith } = keptPointerParts(machine);
    return {
      ...sound.create(machine),
      put(vcpu, blocking) {
        const edited: Address[] = [];
        loadAndPutWith((entry) => {
          irData.setRunState(entry, NO_CPU);
          edited.push(entry);
        }).put(vcpu, blocking);
        for (const entry of edited) irData.commit(entry);
      },
    };
  },
};

export default mutant;
