// The designs in which SVM passes one opaque ga_tag and the IOMMU driver hashes it: SVM's side. They differ in the driver.
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import type { Hypervisor } from '../strategy.js';
import { NO_CPU } from './entry.js';
import { opaqueSvmIn } from './opaque-svm.js';
import type { TagHashIommu } from './tag-hash-iommu.js';

/** @param driverOn - Makes the IOMMU driver, to which a tag is only a number. It asks where a vCPU runs. */
export function opaqueHash(
  machine: Machine,
  driverOn: (machine: Machine, cpuOf: (vcpu: Address) => number) => TagHashIommu,
): Hypervisor {
  const svm = opaqueSvmIn(machine, {});
  const { allocIrq, freeIrq, setGuestMode, setRemapMode, updateGa } = driverOn(machine, svm.cpuOf);

  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
    destroyVm: svm.destroyVm,
    allocIrq,
    freeIrq,
    route: (irq, vcpu, vector) => setGuestMode(irq, svm.gaTagOf(vcpu), svm.backingPageOf(vcpu), vector, vcpu),
    unroute: setRemapMode,
    load(vcpu, cpu) {
      svm.enter(vcpu, cpu);
      updateGa(svm.gaTagOf(vcpu), cpu, svm.backingPageOf(vcpu));
    },
    put(vcpu, blocking) {
      svm.leave(vcpu, blocking);
      updateGa(svm.gaTagOf(vcpu), NO_CPU, svm.backingPageOf(vcpu));
    },
    wake: svm.wake,
  };
}
