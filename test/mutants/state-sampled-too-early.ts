import sound from '../../strategies/ir-data-pointer.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-state-sampled-too-early',
  title: "Mutant: a route asks where the vCPU runs before it takes the list's lock",
  summary:
    'A load or put between the two finds the irq not yet on the list, and its entry keeps the old state.',
  source: 'B6, fixed by 4c08e737f056 and f3cebc75e742.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irData, irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const cpu = svm.cpuOf(vcpu);
        const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
        irqs.moveAndLock(irq, vcpu);
        irData.setGuestMode(irqs.irDataOf(irq), tag, svm.backingPageOf(vcpu), vector, cpu, true);
        irqs.unlock(vcpu);
      },
    };
  },
};

export default mutant;
