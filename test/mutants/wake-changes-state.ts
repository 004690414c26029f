import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/merged-6.17.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-wake-changes-state',
  title: 'Mutant: a wakeup notes that its vCPU blocks no more',
  summary:
    'The vCPU blocks until it is loaded. An irq that is routed to it in between does not set ga_log_intr.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const svm = vmsIn(machine, {});
    return {
      ...operations,
      wake(tag, iommu) {
        const vcpu = operations.wake(tag, iommu);
        if (vcpu !== NULL && svm.isBlocking(vcpu)) svm.leave(vcpu, false);
        return vcpu;
      },
    };
  },
};

export default mutant;
