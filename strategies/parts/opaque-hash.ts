// The designs in which SVM passes one opaque ga_tag and the IOMMU driver hashes it: SVM's side. They differ in the driver.
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import type { Hypervisor } from '../strategy.js';
import { NO_CPU } from './ir-data.js';
import { svmIn } from './svm.js';
import { tagEncoding } from './tag-encoding.js';
import type { TagHashIommu } from './tag-hash-iommu.js';
import { bitmapVmIds } from './vm-ids.js';

export const OPAQUE_TAGS = tagEncoding(24, 8);

/** @param driverOn - Makes the IOMMU driver, to which a tag is only a number. It asks where a vCPU runs. */
export function opaqueHash(
  machine: Machine,
  driverOn: (machine: Machine, cpuOf: (vcpu: Address) => number) => TagHashIommu,
): Hypervisor {
  const tags = OPAQUE_TAGS;
  const svm = svmIn(machine, {}, bitmapVmIds(tags.maxVmId));
  const { allocIrq, freeIrq, setGuestMode, setRemapMode, updateGa } = driverOn(machine, svm.cpuOf);
  const gaTagOf = (vcpu: Address): number => tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));

  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
    destroyVm: svm.destroyVm,
    allocIrq,
    freeIrq,
    route: (irq, vcpu, vector) => setGuestMode(irq, gaTagOf(vcpu), svm.backingPageOf(vcpu), vector, vcpu),
    unroute: setRemapMode,
    load(vcpu, cpu) {
      svm.enter(vcpu, cpu);
      updateGa(gaTagOf(vcpu), cpu, svm.backingPageOf(vcpu), true);
    },
    put(vcpu, blocking) {
      svm.leave(vcpu, blocking);
      updateGa(gaTagOf(vcpu), NO_CPU, svm.backingPageOf(vcpu), false);
    },
    wake: (tag) => svm.findVcpu(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
  };
}
