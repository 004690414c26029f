import sound from '../../strategies/floor.js';
import type { Strategy } from '../../strategies/strategy.js';
import { floorLayout } from './parts/floor-layout.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-count-not-decremented',
  title: 'Mutant: an unroute forgets to count down',
  summary:
    'The entry that an unroute removes still counts, so a load writes the run state to an entry that is in remap ' +
    'mode, free, or reused by another irq.',
  source: 'Of our own making.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const at = floorLayout(machine);
    return {
      ...operations,
      unroute(irq) {
        const vcpu = memory.load(irq + at.irq.vcpu);
        const count = memory.load(vcpu + at.vcpu.count);
        operations.unroute(irq);
        memory.store(vcpu + at.vcpu.count, count);
      },
    };
  },
};

export default mutant;
