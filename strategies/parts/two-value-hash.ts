// The design in which SVM passes two values, vm_id and vcpu_id, and the IOMMU driver makes a tag of them, hashes it
// and compares it. split-id-hash and wide-vm-id-hash are this with 8 and with 24 bits for the VM.
import type { Machine } from '../../machine/machine.js';
import type { Hypervisor } from '../strategy.js';
import { NO_CPU } from './ir-data.js';
import { svmIn } from './svm.js';
import type { TagEncoding } from './tag-encoding.js';
import { tagHashIommu } from './tag-hash-iommu.js';
import type { VmIds } from './vm-ids.js';

/** The design on a host, for a tag's encoding and a source of vm_ids. */
export function twoValueHash(
  machine: Machine,
  tags: TagEncoding,
  vmIdsIn: (machine: Machine) => VmIds,
): Hypervisor {
  const svm = svmIn(machine, {}, vmIdsIn, tags.maxVmId);

  // The IOMMU driver: it encodes the tag, and decodes it.
  const iommuDriver = tagHashIommu(machine, true, svm.cpuOf);

  function updateGa(vcpuId: number, cpu: number, vmId: number, base: number, isRun: boolean): void {
    iommuDriver.updateGa(tags.encode(vmId, vcpuId), cpu, base, isRun);
  }

  // SVM.
  return {
    vcpuAt: svm.vcpuAt,
    createVm: (_vm, firstVcpu, count, firstVcpuId) => svm.createVm(firstVcpu, count, firstVcpuId),
    destroyVm: svm.destroyVm,
    allocIrq: iommuDriver.allocIrq,
    freeIrq: iommuDriver.freeIrq,
    route(irq, vcpu, vector) {
      const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
      iommuDriver.setGuestMode(irq, tag, svm.backingPageOf(vcpu), vector, vcpu);
    },
    unroute: iommuDriver.setRemapMode,
    load(vcpu, cpu) {
      svm.enter(vcpu, cpu);
      updateGa(svm.vcpuIdOf(vcpu), cpu, svm.vmIdOf(vcpu), svm.backingPageOf(vcpu), true);
    },
    put(vcpu, blocking) {
      svm.leave(vcpu, blocking);
      updateGa(svm.vcpuIdOf(vcpu), NO_CPU, svm.vmIdOf(vcpu), svm.backingPageOf(vcpu), false);
    },
    wake: (tag) => svm.findVcpu(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
  };
}
