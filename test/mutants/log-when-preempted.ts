import sound from '../../strategies/merged-6.17.js';
import { IR_LIST_HEAD } from '../../strategies/parts/ir-list.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-log-when-preempted',
  title: 'Mutant: ga_log_intr stays on for a preempted vCPU',
  summary: 'A put asks for the GA log also when the vCPU was merely preempted, which wakes it for nothing.',
  source: 'B17, fixed by b03500f03ea0.',
  create(machine) {
    const operations = sound.create(machine);
    const svm = vmsIn(machine, IR_LIST_HEAD);
    return {
      ...operations,
      put(vcpu, blocking) {
        operations.put(vcpu, true);
        svm.leave(vcpu, blocking);
      },
    };
  },
};

export default mutant;
