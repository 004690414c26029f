// ir-data-pointer with an allocated index of the vCPU as its tag. One xarray gives the index out and finds the vCPU by
// it, so there is no vm_id, no vcpu_id and no VM table. The xarray's lock protects both; one lock per vCPU protects its
// list and the entries on it. A wakeup loads a slot per level of 64 ways.
import type { Machine } from '../machine/machine.js';
import type { Address } from '../machine/memory.js';
import { IR_LIST_HEAD } from './parts/ir-list.js';
import { keptPointer } from './parts/kept-pointer.js';
import { GA_TAG, vmsIn } from './parts/vm.js';
import { xarrayIn } from './parts/xarray.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** This design has no vm_ids. */
const NO_VM_ID = 0;

function create(machine: Machine): Hypervisor {
  const { memory, host } = machine;
  const svm = vmsIn(machine, { ...GA_TAG, ...IR_LIST_HEAD });
  const vcpus = xarrayIn(machine, host.maxVmId);
  const gaTagOf = (vcpu: Address): number => memory.load(vcpu + svm.vcpu.gaTag);

  return {
    createVm(_vm, firstVcpu, count, firstVcpuId) {
      const vm = svm.create(NO_VM_ID, firstVcpu, count, firstVcpuId);
      for (let index = 0; index < count; index++) {
        const vcpu = svm.vcpuAt(vm, index);
        memory.store(vcpu + svm.vcpu.gaTag, vcpus.allocCyclic(vcpu));
      }
      return vm;
    },
    vcpuAt: svm.vcpuAt,
    destroyVm(vm) {
      const count = memory.load(vm + svm.kvm.vcpuCount);
      for (let index = 0; index < count; index++) vcpus.erase(gaTagOf(svm.vcpuAt(vm, index)));
      svm.destroy(vm);
    },
    ...keptPointer(machine, svm, gaTagOf),
    wake: vcpus.load,
  };
}

const strategy: Strategy = {
  id: 'indexed-tag',
  title: 'Per-vCPU list, an allocated index of the vCPU as the tag',
  summary:
    'As ir-data-pointer, but the tag is an index that an xarray gives out when the vCPU is created. A GA log entry ' +
    'leads through the same xarray to its vCPU. Neither a vm_id nor a vcpu_id has to fit in a tag.',
  source: 'The reviewer: there are other viable algorithms for assigning the ga_tag.',
  gaLog: 'always',
  limits: [{ kind: 'max-vcpus', value: 2 ** 32 - 1 }, { kind: 'id-reuse' }],
  notes: [
    "The host's parameter maxVmId bounds the indices.",
    'Indices are given out in cyclic order, so a tag is reused only after all others have been. xa_alloc() gives out ' +
      'the lowest free index: a new vCPU would get the tag of a vCPU destroyed just before, and be woken by its old ' +
      'GA log entries. In return, the number of levels would depend on how many vCPUs exist, not on how many were ' +
      'ever created.',
    'A look-up takes the lock, like a look-up in the VM table. xa_load() needs only RCU, but KVM does not free vCPUs ' +
      'through RCU.',
    'Nodes are allocated under the lock. The kernel tries that first too, and drops the lock only if it fails.',
    "A node takes 1,024 bytes, or 512 with 4-byte pointers, because the model has only kmalloc's sizes.",
  ],
  touches: [
    'struct vcpu_svm: list head, lock and tag',
    'struct amd_svm_iommu_ir: list node, owner and ir_data pointer; one object for each irq',
    'amd_ir_set_vcpu_affinity(): returns ir_data to SVM',
    'avic_pi_update_irte(): moves the node between lists, and holds the lock over the write of the entry',
    'avic_vcpu_load(), avic_vcpu_put(): walk the list',
    'amd_iommu_update_ga(): gets ir_data, and looks nothing up',
    'avic_init_vcpu(), svm_vcpu_free(): allocate the index in an xarray, and erase it',
    'avic_vm_init(), avic_vm_destroy(): lose the vm_id and svm_vm_data_hash',
    'avic_ga_log_notifier(): loads the vCPU from the xarray',
  ],
  create,
};

export default strategy;
