import sound from '../../strategies/floor.js';
import type { Strategy } from '../../strategies/strategy.js';
import { floorLayout } from './parts/floor-layout.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-count-not-decremented',
  title: 'Mutant: an unroute forgets to count down',
  summary:
    'The place that an unroute empties still counts, so that a load writes the running ' +
    'state into an entry that is in remap mode, or free, or of another irq by then.',
  source: 'Of our own making.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const at = floorLayout(machine);
    return {
      ...operations,
      unroute(irq) {
        const vcpu = memory.load(irq + at.irq.vcpu);
        const count = memory.load(vcpu + at.vcpu.irteCount);
        operations.unroute(irq);
        memory.store(vcpu + at.vcpu.irteCount, count);
      },
    };
  },
};

export default mutant;
