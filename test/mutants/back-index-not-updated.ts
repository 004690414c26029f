import { WORD_BYTES } from '../../machine/memory.js';
import sound from '../../strategies/floor.js';
import type { Strategy } from '../../strategies/strategy.js';
import { floorLayout } from './parts/floor-layout.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-back-index-not-updated',
  title: 'Mutant: the entry that fills a gap keeps its old index',
  summary:
    'An unroute moves the last entry into the gap and keeps its old index, so the next unroute of that entry removes ' +
    'another one. It takes two removals of three entries to show.',
  source: 'Of our own making.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const at = floorLayout(machine);
    const pointerWords = machine.host.pointerBytes / WORD_BYTES;
    return {
      ...operations,
      unroute(irq) {
        const vcpu = memory.load(irq + at.irq.vcpu);
        const last = memory.load(vcpu + at.vcpu.count) - 1;
        const backs =
          memory.load(vcpu + at.vcpu.slots) + memory.load(vcpu + at.vcpu.capacity) * 2 * pointerWords;
        const moved = memory.load(backs + last * pointerWords);
        const oldIndex = memory.load(moved + at.irq.index);
        operations.unroute(irq);
        memory.store(moved + at.irq.index, oldIndex);
      },
    };
  },
};

export default mutant;
