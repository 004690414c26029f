import sound from '../../strategies/ir-data-pointer.js';
import { IR_LIST_HEAD } from '../../strategies/parts/ir-list.js';
import { keptPointer } from '../../strategies/parts/kept-pointer.js';
import { svmIn } from '../../strategies/parts/svm.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import type { Strategy } from '../../strategies/strategy.js';

const tags = tagEncoding(24, 8);

/** The bug: it is not in the modelled memory, and not even of one host. */
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
    const { initVcpu, ...verbs } = keptPointer(machine, svm, (vcpu) =>
      tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu)),
    );
    lastVmId = 0;
    return {
      ...verbs,
      vcpuAt: svm.vcpuAt,
      createVm: (_vm, firstVcpu, count, firstVcpuId) => svm.createVm(firstVcpu, count, firstVcpuId, initVcpu),
      destroyVm: svm.destroyVm,
      wake: (tag) => svm.findVcpu(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
    };
  },
};

export default mutant;
