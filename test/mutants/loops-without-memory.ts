import sound from '../../strategies/merged-6.17.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-loops-without-memory',
  title: 'Mutant: destroyVm loops forever for every VM except the first',
  summary: 'The loop touches no modelled memory, so only its CPU time can end it.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { kvm } = vmsIn(machine, {});
    return {
      ...operations,
      destroyVm(vm) {
        // vm_ids count up from 1.
        const isFirst = machine.memory.load(vm + kvm.vmId) === 1;
        while (!isFirst);
        operations.destroyVm(vm);
      },
    };
  },
};

export default mutant;
