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
    const svm = vmsIn(machine, {});
    return sound.create({
      ...machine,
      wakeUp(vcpu) {
        if (svm.isBlocking(vcpu)) svm.leave(vcpu, false);
        machine.wakeUp(vcpu);
      },
    });
  },
};

export default mutant;
