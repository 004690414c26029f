// No look-up: configuring an IRTE gives SVM the ir_data pointer, SVM keeps it on a list of the vCPU, and an update
// hands it back to the IOMMU driver. Tags serve the GA log only. One lock per vCPU protects its list and the entries
// on it. A load or put touches only the vCPU's own entries; each irq has a list node. All other strategies are
// compared with this one.
import type { Machine } from '../machine/machine.js';
import { IR_LIST_HEAD } from './parts/ir-list.js';
import { keptPointer } from './parts/kept-pointer.js';
import { OPAQUE_TAGS, opaqueSvmIn } from './parts/opaque-svm.js';
import { idLimits } from './parts/tag-encoding.js';
import type { Hypervisor, Strategy } from './strategy.js';

function create(machine: Machine): Hypervisor {
  const svm = opaqueSvmIn(machine, IR_LIST_HEAD);
  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
    destroyVm: svm.destroyVm,
    ...keptPointer(machine, svm, svm.gaTagOf),
    wake: svm.wake,
  };
}

const strategy: Strategy = {
  id: 'ir-data-pointer',
  title: 'Per-vCPU list of ir_data pointers, O(1) delete',
  summary:
    'SVM keeps the ir_data pointer of each irq on a list of the vCPU that the irq posts to, and passes that pointer ' +
    'to the IOMMU driver. An update looks nothing up, and touches an IOMMU only if the vCPU has an entry behind it.',
  source: 'The reviewer: the look-up is avoidable altogether, because SVM can keep the ir_data pointer.',
  gaLog: 'always',
  limits: idLimits(OPAQUE_TAGS),
  notes: [
    "The list node is an object on SVM's side, one per irq, because ir_data belongs to the IOMMU driver. An update " +
      'reads the node and then the ir_data.',
    'As in the hash designs, an update also writes the root pointer, although it has not changed.',
  ],
  touches: [
    'struct vcpu_svm: list head and lock',
    'struct amd_svm_iommu_ir: list node, owner and ir_data pointer; one object for each irq',
    'amd_ir_set_vcpu_affinity(): returns ir_data to SVM',
    'avic_pi_update_irte(): moves the node between lists, and holds the lock over the write of the entry',
    'avic_vcpu_load(), avic_vcpu_put(): walk the list',
    'amd_iommu_update_ga(): gets ir_data, and looks nothing up',
  ],
  create,
};

export default strategy;
