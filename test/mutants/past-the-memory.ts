import sound from '../../strategies/floor.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-past-the-memory',
  title: 'Mutant: an entry is written in the array behind the memory',
  summary:
    'The words behind load() and store() are written directly, so no lock, count or check would see it. A checked ' +
    'memory has no such words.',
  source: 'Of our own making.',
  create(machine) {
    const { words } = machine.memory;
    return sound.create({
      ...machine,
      updateIrte(_table, irte, ...entry) {
        entry.forEach((word, index) => {
          words[irte + index] = word;
        });
      },
    });
  },
};

export default mutant;
