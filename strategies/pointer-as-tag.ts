// ir-data-pointer with the vCPU's address as its tag: there are no ids and no VM table, and a wakeup is a cast. One
// lock per vCPU protects its list and the entries on it. A GA log entry is a pointer, so every log must be drained
// before a vCPU is freed.
import type { Machine } from '../machine/machine.js';
import { IR_LIST_HEAD } from './parts/ir-list.js';
import { keptPointer } from './parts/kept-pointer.js';
import { vmsIn } from './parts/vm.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** This design has no vm_ids. */
const NO_VM_ID = 0;

function create(machine: Machine): Hypervisor {
  const svm = vmsIn(machine, IR_LIST_HEAD);
  return {
    createVm: (_vm, firstVcpu, count, firstVcpuId) => svm.create(NO_VM_ID, firstVcpu, count, firstVcpuId),
    vcpuAt: svm.vcpuAt,
    destroyVm(vm) {
      for (const iommu of machine.iommus) machine.drainGaLog(iommu);
      svm.destroy(vm);
    },
    ...keptPointer(machine, svm, (vcpu) => vcpu),
    wake: (tag) => machine.wakeUp(tag),
  };
}

const strategy: Strategy = {
  id: 'pointer-as-tag',
  title: "Per-vCPU list, the vCPU's address as the tag",
  summary:
    "As ir-data-pointer, but the tag is the vCPU's address, so a GA log entry leads to its vCPU without a look-up. " +
    'Every GA log is drained before a VM is destroyed, so that no entry outlives its vCPU.',
  source: 'The reviewer: on a 32-bit hypervisor any pointer can be the tag.',
  gaLog: 'always',
  limits: [],
  needs: { pointerBytes: 4 },
  notes: ['A tag has 32 bits, so this is no design for a host with 8-byte pointers.'],
  touches: [
    'struct vcpu_svm: list head and lock',
    'struct amd_svm_iommu_ir: list node, owner and ir_data pointer; one object for each irq',
    'amd_ir_set_vcpu_affinity(): returns ir_data to SVM',
    'avic_pi_update_irte(): moves the node between lists, and holds the lock over the write of the entry',
    'avic_vcpu_load(), avic_vcpu_put(): walk the list',
    'amd_iommu_update_ga(): gets ir_data, and looks nothing up',
    'avic_vm_init(): loses the vm_id and svm_vm_data_hash',
    'avic_vm_destroy(): has the driver drain every GA log before the vCPUs are freed',
    'avic_ga_log_notifier(): casts the tag to the vCPU',
  ],
  create,
};

export default strategy;
