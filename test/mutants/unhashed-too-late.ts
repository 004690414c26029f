import { NULL, WORD_BYTES } from '../../machine/memory.js';
import sound from '../../strategies/opaque-tag-hash.js';
import { irDataIn } from '../../strategies/parts/ir-data.js';
import { TAG_HASH_NODE } from '../../strategies/parts/tag-hash.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-unhashed-too-late',
  title: 'Mutant: an unrouted irq stays in its bucket until its next route',
  summary: 'An irq that is freed after its unroute is still in its bucket, where a walk reads it.',
  source: 'Of our own making: the unhash was put into the wrong one of two paths.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const irData = irDataIn(machine, TAG_HASH_NODE);
    const pprev = irData.at.hnode + machine.host.pointerBytes / WORD_BYTES;
    const lockOf = (irq: number): number => machine.driverDataOf(irData.iommu(irq));
    return {
      ...operations,
      route(irq, vcpu, vector) {
        if (!irData.isGuestMode(irq) && memory.load(irq + pprev) !== NULL) {
          memory.lock(lockOf(irq));
          machine.hlist.del(irq + irData.at.hnode);
          memory.unlock(lockOf(irq));
        }
        operations.route(irq, vcpu, vector);
      },
      unroute(irq) {
        memory.lock(lockOf(irq));
        irData.setRemapMode(irq);
        memory.unlock(lockOf(irq));
      },
    };
  },
};

export default mutant;
