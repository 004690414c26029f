import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-lost-unlock-at-destroy',
  title: 'Mutant: a vCPU is freed with its list lock held',
  summary:
    'destroyVm takes the list lock of each vCPU against updates, and frees the vCPU without releasing it.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    const { svm, irqs } = keptPointerParts(machine);
    return {
      ...operations,
      destroyVm(vm) {
        const count = machine.memory.load(vm + svm.kvm.vcpuCount);
        for (let index = 0; index < count; index++) irqs.lock(svm.vcpuAt(vm, index));
        operations.destroyVm(vm);
      },
    };
  },
};

export default mutant;
