import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vm-left-in-table',
  title: 'Mutant: a destroyed VM stays in the VM table',
  summary: 'The VM is freed while its bucket leads to it, and the next look-up or insertion there reads it.',
  source: 'Of our own making.',
  // In this design the VM table alone is made of hlists.
  create: (machine) => sound.create({ ...machine, hlist: { ...machine.hlist, del: () => {} } }),
};

export default mutant;
