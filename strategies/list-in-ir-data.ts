// A list for each vCPU, as in ir-data-pointer, but its node lies in ir_data. So an update reads one object for an entry, as the
// hash designs do, and the IOMMU driver's structure holds a list that SVM locks. It differs from bucket-lock-hash only by the hash,
// and from ir-data-pointer only by the place of the node.
import type { Machine } from '../machine/machine.js';
import { irDataIn } from './parts/ir-data.js';
import { IR_DATA_LIST_NODE, IR_LIST_HEAD, irqsInIrData } from './parts/ir-list.js';
import { keptPointer } from './parts/kept-pointer.js';
import { OPAQUE_TAGS, opaqueSvmIn } from './parts/opaque-svm.js';
import { idLimits } from './parts/tag-encoding.js';
import type { Hypervisor, Strategy } from './strategy.js';

function create(machine: Machine): Hypervisor {
  const svm = opaqueSvmIn(machine, IR_LIST_HEAD);
  const irData = irDataIn(machine, IR_DATA_LIST_NODE);
  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
    destroyVm: svm.destroyVm,
    ...keptPointer(machine, svm, svm.gaTagOf, irData, irqsInIrData(irData)),
    wake: svm.wake,
  };
}

const strategy: Strategy = {
  id: 'list-in-ir-data',
  title: 'Per-vCPU list, its node in ir_data',
  summary:
    'Each vCPU has a list of its ir_data, linked through ir_data itself. An update walks that list instead of a hash ' +
    'bucket; everything else is as in bucket-lock-hash.',
  source: 'Not in the review. It stands between the hash and the kept pointer, and has one decision of each.',
  gaLog: 'always',
  limits: idLimits(OPAQUE_TAGS),
  notes: [
    "The node and the owner make ir_data 24 bytes larger. SVM's lock protects a field of the IOMMU driver's structure.",
  ],
  touches: [
    'struct vcpu_svm: list head and lock',
    'struct amd_ir_data: list node and owner',
    'amd_ir_set_vcpu_affinity(): returns ir_data to SVM',
    'avic_pi_update_irte(): moves ir_data between lists, and holds the lock over the write of the entry',
    'avic_vcpu_load(), avic_vcpu_put(): walk the list',
    'amd_iommu_update_ga(): gets ir_data, and looks nothing up',
  ],
  create,
};

export default strategy;
