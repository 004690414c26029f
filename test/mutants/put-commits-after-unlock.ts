import type { Address } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/ir-data.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-put-commits-after-unlock',
  title: 'Mutant: a put writes the live entries after it has released the list',
  summary:
    'It edits the shadow entries under the lock and copies them to the live ones afterwards, so that the lock is ' +
    'held for less time. By then an irq may be on another list, or gone.',
  source: 'Of our own making: a lock released too early.',
  create(machine) {
    const { svm, irData, updateAll } = keptPointerParts(machine);
    return {
      ...sound.create(machine),
      put(vcpu, blocking) {
        const edited: Address[] = [];
        updateAll(
          vcpu,
          () => svm.leave(vcpu, blocking),
          (entry) => {
            irData.setRunState(entry, NO_CPU, false);
            edited.push(entry);
          },
        );
        for (const entry of edited) irData.commit(entry);
      },
    };
  },
};

export default mutant;
