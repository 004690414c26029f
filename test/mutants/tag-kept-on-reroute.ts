import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-tag-kept-on-reroute',
  title: 'Mutant: an entry in guest mode keeps its tag when it is routed elsewhere',
  summary:
    'After a route from vCPU to vCPU the GA log still names the old one. All else of the entry is right.',
  source: 'B12, fixed by ed8a2f4ddef2.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irData, irqs, amend } = keptPointerParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        const oldTag = irData.gaTag(irqs.irDataOf(irq));
        operations.route(irq, vcpu, vector);
        if (oldTag === 0) return;
        const [page, cpu] = [svm.backingPageOf(vcpu), svm.cpuOf(vcpu)];
        amend(irq, (entry) => irData.setGuestMode(entry, oldTag, page, vector, cpu, true));
      },
    };
  },
};

export default mutant;
