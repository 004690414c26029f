// As in Linux v6.17: the irqfd itself is the list node; parts/irqfd-list.ts. A VM leaves the GA log table after its vCPUs are
// freed, as in kernels with 17bcd7144263 and without 78684b65fcc0.
import { irqfdList } from './parts/irqfd-list.js';
import { tagEncoding } from './parts/tag-encoding.js';
import type { Strategy } from './strategy.js';

const tags = tagEncoding(23, 9);
const leavesTableLast = true;

const strategy: Strategy = {
  id: 'merged-6.17',
  title: 'As merged in v6.17: per-vCPU list through the irqfd, O(1)',
  summary:
    'The per-vCPU list is linked through the irqfds, and each irqfd has its ir_data pointer and its owner. The tag ' +
    'holds the vCPU index. An entry writes the GA log only while its vCPU blocks, not after a preemption.',
  source:
    'Linux v6.17 (11a60455d4c9, b03500f03ea0); tag of 23 bits vm_id and 9 bits vCPU index (5999715922c5).',
  gaLog: 'blocking',
  limits: [
    { kind: 'max-vms', value: tags.maxVmId },
    { kind: 'max-vcpu-index', value: tags.maxVcpuId },
    { kind: 'leaves-table-last' },
    { kind: 'wakes-unlocked' },
  ],
  notes: ['vm_ids count up and skip 0. Once the counter has wrapped, each candidate is checked for use.'],
  touches: [
    'struct vcpu_svm: list head and lock',
    'struct kvm_kernel_irqfd: list node, owner and ir_data pointer',
    'struct amd_iommu_pi_data: returns ir_data to SVM',
    'amd_ir_set_vcpu_affinity(): fills it in',
    'avic_pi_update_irte(): moves the irqfd between lists, and holds the lock over the write of the entry',
    'avic_vcpu_load(), avic_vcpu_put(): walk the list',
    'amd_iommu_update_ga(): gets ir_data, and writes ga_log_intr too',
  ],
  create: (machine) => irqfdList(machine, tags, leavesTableLast),
};

export default strategy;
