import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vm-left-in-table',
  title: 'Mutant: a destroyed VM stays in the VM table',
  summary: 'The VM is freed while it is in its bucket, and the next look-up or insertion there reads it.',
  source: 'Of our own making.',
  // In this design only the VM table uses hlists.
  create: (machine) => sound.create({ ...machine, hlist: { ...machine.hlist, del: () => {} } }),
};

export default mutant;
