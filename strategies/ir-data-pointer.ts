// The look-up avoided: configuring an IRTE gives SVM its ir_data pointer, SVM keeps it on the vCPU's list, and an
// update hands each pointer back. Tags remain for the GA log only. Cost: a node per irq and a lock per vCPU.
import type { Machine } from '../machine/machine.js';
import { IR_LIST_HEAD } from './parts/ir-list.js';
import { keptPointer } from './parts/kept-pointer.js';
import { svmIn } from './parts/svm.js';
import { tagEncoding } from './parts/tag-encoding.js';
import { bitmapVmIds } from './parts/vm-ids.js';
import type { Hypervisor, Strategy } from './strategy.js';

const tags = tagEncoding(24, 8);

function create(machine: Machine): Hypervisor {
  const svm = svmIn(machine, IR_LIST_HEAD, (host) => bitmapVmIds(host, tags.maxVmId));
  const { initVcpu, ...verbs } = keptPointer(machine, svm, (vcpu) =>
    tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu)),
  );
  return {
    ...verbs,
    vcpuAt: svm.vcpuAt,
    createVm: (_vm, firstVcpu, count, firstVcpuId) => svm.createVm(firstVcpu, count, firstVcpuId, initVcpu),
    destroyVm: svm.destroyVm,
    wake: (tag) => svm.findVcpu(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
  };
}

const strategy: Strategy = {
  id: 'ir-data-pointer',
  title: 'Per-vCPU list of ir_data pointers, O(1) delete',
  summary:
    'SVM keeps the ir_data pointer of each irq on a list of the vCPU that it posts to, and passes that pointer to ' +
    'the IOMMU driver: an update looks nothing up and touches no IOMMU without an entry of the vCPU.',
  source: 'The reviewer: the look-up is avoidable altogether, because SVM can keep the ir_data pointer.',
  gaLog: 'always',
  limits: [
    { kind: 'max-vms', value: tags.maxVmId },
    { kind: 'id-reuse' },
    { kind: 'max-vcpu-id', value: tags.maxVcpuId },
  ],
  notes: [
    "The list node is on SVM's side, one for each irq, since ir_data belongs to the IOMMU driver: an update reads a " +
      'node and then the ir_data.',
    'As in the hash designs an update writes the root pointer too, though it has not changed.',
  ],
  create,
};

export default strategy;
