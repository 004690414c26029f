// As in Linux v6.17: the irqfd itself is the list node, so add and delete are O(1), unlike in merged-4.9. Tags carry
// the vCPU's index, and an entry writes the GA log only while its vCPU blocks. One lock per vCPU protects its list
// and is held across the IRTE update. An update writes ga_log_intr, where ir-data-pointer writes the root pointer.
import type { Machine } from '../machine/machine.js';
import { type Address, NULL } from '../machine/memory.js';
import { irDataIn } from './parts/ir-data.js';
import { IR_LIST_HEAD, irListIn } from './parts/ir-list.js';
import { irqObjectsIn } from './parts/irq-object.js';
import { loadAndPut } from './parts/load-and-put.js';
import { svmIn } from './parts/svm.js';
import { tagEncoding } from './parts/tag-encoding.js';
import { checkedVmIds } from './parts/vm-ids.js';
import type { Hypervisor, Strategy } from './strategy.js';

const tags = tagEncoding(23, 9);

/** 328 bytes with 8-byte pointers. The ir_data pointer and the list's node lie on two lines. */
export const KVM_KERNEL_IRQFD = {
  otherFields: 74,
  vcpu: 'pointer',
  vcpuList: 'list_head',
  irData: 'pointer',
} as const;

function create(machine: Machine): Hypervisor {
  const { memory } = machine;

  // The IOMMU driver: SVM hands it the ir_data.
  const irData = irDataIn(machine, {});

  function updateGa(data: Address, cpu: number, gaLogIntr: boolean): void {
    if (!irData.isGuestMode(data)) return;
    irData.setRunState(data, cpu);
    irData.setGaLogIntr(data, gaLogIntr);
    irData.commit(data);
  }

  // SVM.
  const svm = svmIn(machine, IR_LIST_HEAD, checkedVmIds(tags.maxVmId));
  const objects = irqObjectsIn(machine, 'kvm_kernel_irqfd', irData, KVM_KERNEL_IRQFD);
  const irqs = irListIn(machine, irData, svm.vcpu, objects);

  function updateAll(vcpu: Address, cpu: number, gaLogIntr: boolean): void {
    const end = irqs.end(vcpu);
    for (let irq = irqs.first(vcpu); irq !== end; irq = irqs.next(irq)) {
      updateGa(irqs.irDataOf(irq), cpu, gaLogIntr);
    }
  }

  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
    destroyVm: svm.destroyVm,
    allocIrq: irqs.allocIrq,
    freeIrq: irqs.freeIrq,
    route(irq, vcpu, vector) {
      irqs.moveAndLock(irq, vcpu);
      const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdxOf(vcpu));
      const data = irqs.irDataOf(irq);
      const cpu = svm.cpuOf(vcpu);
      irData.setGuestMode(data, tag, svm.backingPageOf(vcpu), vector, cpu, svm.isBlocking(vcpu));
      irqs.unlock(vcpu);
    },
    unroute: irqs.unroute,
    ...loadAndPut(irqs, svm, updateAll),
    wake(tag) {
      svm.vmTable.lock();
      const vm = svm.vmTable.find(tags.vmIdOf(tag));
      const index = tags.vcpuIdOf(tag);
      const exists = vm !== NULL && index < memory.load(vm + svm.kvm.vcpuCount);
      const vcpu = exists ? svm.vcpuAt(vm, index) : NULL;
      svm.vmTable.unlock();
      return vcpu;
    },
  };
}

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
    { kind: 'id-reuse' },
    { kind: 'max-vcpu-index', value: tags.maxVcpuId },
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
  create,
};

export default strategy;
