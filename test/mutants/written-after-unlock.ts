import sound from '../../strategies/ir-data-pointer.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-written-after-unlock',
  title: "Mutant: a route writes the entry after it has released the list's lock",
  summary: 'A load or put in between writes the new state, and the route overwrites it with the old state.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irData, irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        irqs.moveAndLock(irq, vcpu);
        const cpu = svm.cpuOf(vcpu);
        const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
        irqs.unlock(vcpu);
        irData.setGuestMode(irqs.irDataOf(irq), tag, svm.backingPageOf(vcpu), vector, cpu, true);
      },
    };
  },
};

export default mutant;
