import { GUEST_MODE } from '../../machine/irte.js';
import type { Host } from '../../machine/machine.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-unroute-not-flushed',
  title: 'Mutant: an unroute is not flushed',
  summary: "The IOMMU keeps its copy of the entry, and posts the host's interrupts to the vCPU.",
  source: 'Of our own making.',
  create: (machine) =>
    sound.create({
      ...machine,
      modifyIrte(table, irte, word0, ...words) {
        const leavesGuestMode = (machine.memory.readOnce(irte) & ~word0 & GUEST_MODE) !== 0;
        const write = leavesGuestMode ? (machine as Host).writeIrte : machine.modifyIrte;
        write(table, irte, word0, ...words);
      },
    }),
};

export default mutant;
