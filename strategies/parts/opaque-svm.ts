// SVM of the designs with an opaque ga_tag: 24 bits of vm_id, 8 bits of vcpu_id, and the bitmap of vm_ids. A vCPU keeps its tag.
import type { Fields } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import { svmIn } from './svm.js';
import { tagEncoding } from './tag-encoding.js';
import { GA_TAG } from './vm.js';
import { bitmapVmIds } from './vm-ids.js';

export const OPAQUE_TAGS = tagEncoding(24, 8);

/** @param vcpuFields - Fields that a design adds to a vCPU. */
export function opaqueSvmIn<const F extends Fields>(machine: Machine, vcpuFields: F) {
  const { memory } = machine;
  const svm = svmIn(machine, { ...GA_TAG, ...vcpuFields }, bitmapVmIds(OPAQUE_TAGS.maxVmId));
  const { gaTag } = svm.vcpu as unknown as { readonly gaTag: number };
  return {
    ...svm,
    createVm(number: number, firstVcpu: number, count: number, firstVcpuId: number): Address {
      const vm = svm.createVm(number, firstVcpu, count, firstVcpuId);
      for (let index = 0; index < count; index++) {
        const vcpu = svm.vcpuAt(vm, index);
        memory.store(vcpu + gaTag, OPAQUE_TAGS.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu)));
      }
      return vm;
    },
    gaTagOf: (vcpu: Address): number => memory.load(vcpu + gaTag),
    wake: (tag: number): Address => svm.findVcpu(OPAQUE_TAGS.vmIdOf(tag), OPAQUE_TAGS.vcpuIdOf(tag)),
  };
}
