// SVM with vm_ids: the VMs are in a table by vm_id, through which the ids of a GA log entry lead to a vCPU. The table's
// lock keeps a VM in it while the VM is looked up.
import type { Fields } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import { vmsIn } from './vm.js';
import type { VmIdSource } from './vm-ids.js';
import { vmTableIn } from './vm-table.js';

/**
 * SVM on a host.
 *
 * @param vcpuFields - Fields that a design adds to a vCPU.
 * @param idMask - The bits of a vm_id that the table hashes and compares; by default all.
 */
export function svmIn<const F extends Fields>(
  machine: Machine,
  vcpuFields: F,
  vmIdSource: VmIdSource,
  idMask?: number,
) {
  const { memory } = machine;
  const vms = vmsIn(machine, vcpuFields);
  const vmTable = vmTableIn(machine, vms.kvm, idMask);
  const vmIds = vmIdSource(machine, vmTable);

  function leaveTable(vm: Address): void {
    vmTable.remove(vm);
    vmIds.free(memory.load(vm + vms.kvm.vmId));
  }

  function vcpuByIds(vmId: number, vcpuId: number): Address {
    const vm = vmTable.find(vmId);
    return vm === NULL ? NULL : vms.vcpuById(vm, vcpuId);
  }

  return {
    ...vms,
    vmTable,

    createVm(_vm: number, firstVcpu: number, count: number, firstVcpuId: number): Address {
      const vm = vms.create(vmIds.alloc(), firstVcpu, count, firstVcpuId);
      vmTable.add(vm);
      return vm;
    },

    destroyVm(vm: Address): void {
      leaveTable(vm);
      vms.destroy(vm);
    },

    /** As merged-6.17 has it: a look-up can find the VM while its vCPUs are freed. */
    destroyVmLeavingLast(vm: Address): void {
      vms.freeVcpus(vm);
      leaveTable(vm);
      vms.free(vm);
    },

    /** The vCPU with these ids; NULL if there is none. Under the table's lock. */
    vcpuByIds,

    /** Wakes the vCPU with these ids, if there is one. The table's lock keeps it alive. */
    wakeByIds(vmId: number, vcpuId: number): void {
      vmTable.lock();
      const vcpu = vcpuByIds(vmId, vcpuId);
      if (vcpu !== NULL) machine.wakeUp(vcpu);
      vmTable.unlock();
    },
  };
}

/** The part of {@link svmIn} that every design uses. */
export type Svm = ReturnType<typeof svmIn<Fields>>;
