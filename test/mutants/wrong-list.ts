import sound from '../../strategies/ir-data-pointer.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-wrong-list',
  title: "Mutant: every irq is on the list of its VM's first vCPU",
  summary: 'A route writes the entry for the vCPU that was asked for, and links the irq to vCPU 0 of its VM.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irData, irqs } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const first = svm.vcpuAt(svm.kvmOf(vcpu), 0);
        const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
        const [page, cpu] = [svm.backingPageOf(vcpu), svm.cpuOf(vcpu)];
        irqs.moveAndLock(irq, first);
        irData.setGuestMode(irqs.irDataOf(irq), tag, page, vector, cpu, true);
        irqs.unlock(first);
      },
    };
  },
};

export default mutant;
