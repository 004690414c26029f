import sound from '../../strategies/floor.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-irte-written-without-lock',
  title: 'Mutant: load and put store to the live entry themselves',
  summary: 'The values are right, but they bypass updateIrte: no table lock, no 128-bit write, no flush.',
  source: 'Of our own making.',
  create(machine) {
    const { memory } = machine;
    // Load and put do not use the tables that the strategy makes at boot, so a second set of them is harmless.
    const { load, put } = sound.create({
      ...machine,
      updateIrte(_table, irte, ...words) {
        for (const [index, word] of words.entries()) memory.store(irte + index, word);
      },
    });
    return { ...sound.create(machine), load, put };
  },
};

export default mutant;
