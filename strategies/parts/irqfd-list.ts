// The design of Linux since v6.17: the irqfd itself is the list node, so add and delete are O(1), unlike in merged-4.9.
// Tags carry the vCPU's index, and an entry writes the GA log only while its vCPU blocks. One lock per vCPU protects its
// list and is held across the IRTE update. An update writes ga_log_intr, where ir-data-pointer writes the root pointer.
// merged-6.17 and merged-7.3 differ in the bits of a tag, and in when a VM leaves the table.
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import type { Hypervisor } from '../strategy.js';
import { irDataIn } from './ir-data.js';
import { IR_LIST_HEAD, irListIn } from './ir-list.js';
import { irqObjectsIn } from './irq-object.js';
import { loadAndPut } from './load-and-put.js';
import { svmIn } from './svm.js';
import type { TagEncoding } from './tag-encoding.js';
import { checkedVmIds } from './vm-ids.js';

/** 328 bytes with 8-byte pointers. The ir_data pointer and the list's node lie on two lines. */
export const KVM_KERNEL_IRQFD = {
  otherFields: 74,
  vcpu: 'pointer',
  vcpuList: 'list_head',
  irData: 'pointer',
} as const;

/**
 * The operations.
 *
 * @param leavesTableLast - Whether a VM leaves the table only after its vCPUs are freed.
 */
export function irqfdList(machine: Machine, tags: TagEncoding, leavesTableLast: boolean): Hypervisor {
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
    destroyVm: leavesTableLast ? svm.destroyVmLeavingLast : svm.destroyVm,
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
      const exists = vm !== NULL && index < memory.load(vm + svm.kvm.onlineVcpus);
      const vcpu = exists ? svm.vcpuAt(vm, index) : NULL;
      svm.vmTable.unlock();
      // As in the kernel: nothing keeps the vCPU alive any more.
      if (vcpu !== NULL) machine.wakeUp(vcpu);
    },
  };
}
