// As in Linux v7.3: merged-6.17 with a tag of 20 and 12 bits, and a VM leaves the GA log table before its vCPUs are freed.
import { irqfdList } from './parts/irqfd-list.js';
import { tagEncoding } from './parts/tag-encoding.js';
import type { Strategy } from './strategy.js';

const tags = tagEncoding(20, 12);
const leavesTableLast = false;

const strategy: Strategy = {
  id: 'merged-7.3',
  title: 'As in v7.3: per-vCPU list through the irqfd, 20/12 tag',
  summary:
    'As merged-6.17, but a tag has room for 4,096 vCPUs instead of 512, and for fewer VMs. A VM leaves the GA log table ' +
    'before its vCPUs are freed, so no GA log entry finds a freed vCPU.',
  source:
    'Linux v7.3: tag of 20 bits vm_id and 12 bits vCPU index (ca11d9d35e95); the order of 78684b65fcc0.',
  gaLog: 'blocking',
  limits: [
    { kind: 'max-vms', value: tags.maxVmId },
    { kind: 'max-vcpu-index', value: tags.maxVcpuId },
    { kind: 'wakes-unlocked' },
  ],
  notes: [
    'A VM takes its id when it is created, and not with its first vCPU (4fa9a3767d1a).',
    'vm_ids count up and skip 0. Once the counter has wrapped, each candidate is checked for use.',
  ],
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
