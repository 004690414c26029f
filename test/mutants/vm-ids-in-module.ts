import sound from '../../strategies/ir-data-pointer.js';
import { IR_LIST_HEAD } from '../../strategies/parts/ir-list.js';
import { keptPointer } from '../../strategies/parts/kept-pointer.js';
import { svmIn } from '../../strategies/parts/svm.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import type { Strategy } from '../../strategies/strategy.js';

const tags = tagEncoding(24, 8);

/** The bug: this is not in the modelled memory, and all hosts share it. */
let lastVmId = 0;

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vm-ids-in-module',
  title: 'Mutant: vm_ids are counted in a variable of the module',
  summary: 'Every answer is right, as long as one CPU runs one instance of the code.',
  source: 'Of our own making.',
  limits: sound.limits.filter(({ kind }) => kind === 'max-vcpu-id'),
  create(machine) {
    const svm = svmIn(machine, IR_LIST_HEAD, () => ({ alloc: () => ++lastVmId, free() {} }));
    lastVmId = 0;
    return {
      createVm: svm.createVm,
      vcpuAt: svm.vcpuAt,
      destroyVm: svm.destroyVm,
      ...keptPointer(machine, svm, (vcpu) => tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu))),
      wake: (tag) => svm.wakeByIds(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
    };
  },
};

export default mutant;
