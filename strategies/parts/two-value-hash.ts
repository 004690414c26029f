// The designs in which SVM passes two values, vm_id and vcpu_id, and the IOMMU driver makes a tag of them. posted-v4,
// split-id-hash and wide-vm-id-hash differ in the tag compare, in the bits of a tag and in the wakeup.
import type { Hypervisor } from '../strategy.js';
import { NO_CPU } from './entry.js';
import type { Svm } from './svm.js';
import type { TagEncoding } from './tag-encoding.js';
import type { TagHashIommu } from './tag-hash-iommu.js';

/** @param tags - The encoding that the IOMMU driver uses. */
export function twoValueHash(svm: Svm, iommuDriver: TagHashIommu, tags: TagEncoding): Hypervisor {
  // The IOMMU driver encodes the tag.
  function updateGa(vcpuId: number, cpu: number, vmId: number, base: number): void {
    iommuDriver.updateGa(tags.encode(vmId, vcpuId), cpu, base);
  }

  // SVM.
  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
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
      updateGa(svm.vcpuIdOf(vcpu), cpu, svm.vmIdOf(vcpu), svm.backingPageOf(vcpu));
    },
    put(vcpu, blocking) {
      svm.leave(vcpu, blocking);
      updateGa(svm.vcpuIdOf(vcpu), NO_CPU, svm.vmIdOf(vcpu), svm.backingPageOf(vcpu));
    },
    wake: (tag) => svm.wakeByIds(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
  };
}
