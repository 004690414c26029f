import { GUEST_MODE } from '../../machine/irte.js';
import type { Host } from '../../machine/machine.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-route-not-flushed',
  title: 'Mutant: a route is not flushed',
  summary: 'The IOMMU keeps its copy of the entry, and posts to the old vCPU, with the old vector.',
  source: 'Of our own making.',
  create: (machine) =>
    sound.create({
      ...machine,
      modifyIrte(table, irte, word0, ...words) {
        const { writeIrte } = machine as Host;
        const write = (word0 & GUEST_MODE) === 0 ? machine.modifyIrte : writeIrte;
        write(table, irte, word0, ...words);
      },
    }),
};

export default mutant;
