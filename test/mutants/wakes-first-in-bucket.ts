import { type Address, NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import { IR_LIST_HEAD } from '../../strategies/parts/ir-list.js';
import { keptPointer } from '../../strategies/parts/kept-pointer.js';
import { svmIn } from '../../strategies/parts/svm.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { bitmapVmIds } from '../../strategies/parts/vm-ids.js';
import type { Strategy } from '../../strategies/strategy.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-wakes-first-in-bucket',
  title: 'Mutant: a wakeup takes the first VM of its bucket',
  summary: 'The look-up in the VM table compares no ids, so with more than 128 VMs it may wake another VM.',
  source: 'B1, on the side of SVM.',
  create(machine) {
    const svm = svmIn(machine, IR_LIST_HEAD, bitmapVmIds(tags.maxVmId));
    const gaTagOf = (vcpu: Address): number => tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
    return {
      createVm: svm.createVm,
      vcpuAt: svm.vcpuAt,
      destroyVm: svm.destroyVm,
      ...keptPointer(machine, svm, gaTagOf),
      wake(tag) {
        svm.vmTable.lock();
        const vm = svm.vmTable.first(tags.vmIdOf(tag));
        const vcpu = vm === NULL ? NULL : svm.vcpuById(vm, tags.vcpuIdOf(tag));
        if (vcpu !== NULL) machine.wakeUp(vcpu);
        svm.vmTable.unlock();
      },
    };
  },
};

export default mutant;
