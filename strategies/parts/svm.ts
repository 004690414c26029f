// SVM where VMs have ids: VMs in a table by vm_id, and the way from the ids in a GA log entry to a vCPU.

import type { Fields } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import { vmsIn } from './vm.js';
import type { VmIds } from './vm-ids.js';
import { type VmTable, vmTableIn } from './vm-table.js';

/**
 * SVM on a host.
 *
 * @param extra - Fields that a design adds to a vCPU.
 * @param vmIdsIn - Where vm_ids come from.
 * @param idMask - The bits of a vm_id that tell VMs apart; by default all.
 */
export function svmIn<const F extends Fields>(
  machine: Machine,
  extra: F,
  vmIdsIn: (machine: Machine, vmTable: VmTable) => VmIds,
  idMask?: number,
) {
  const { memory } = machine;
  const vms = vmsIn(machine, extra);
  const vmTable = vmTableIn(machine, vms.kvm, idMask);
  const vmIds = vmIdsIn(machine, vmTable);

  return {
    ...vms,
    vmTable,

    createVm(firstVcpu: number, count: number, firstVcpuId: number, init?: (vcpu: Address) => void): Address {
      const vm = vms.create(vmIds.alloc(), firstVcpu, count, firstVcpuId, init);
      vmTable.add(vm);
      return vm;
    },

    destroyVm(vm: Address): void {
      vmTable.remove(vm);
      vmIds.free(memory.load(vm + vms.kvm.vmId));
      vms.destroy(vm);
    },

    /** The vCPU with these ids; NULL if there is none. */
    findVcpu(vmId: number, vcpuId: number): Address {
      vmTable.lock();
      const vm = vmTable.find(vmId);
      const vcpu = vm === NULL ? NULL : vms.vcpuById(vm, vcpuId);
      vmTable.unlock();
      return vcpu;
    },
  };
}
