// SVM of the designs with an opaque ga_tag: 24 bits of vm_id, 8 bits of vcpu_id, and the bitmap of vm_ids.
import type { Fields } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import { svmIn } from './svm.js';
import { tagEncoding } from './tag-encoding.js';
import { bitmapVmIds } from './vm-ids.js';

export const OPAQUE_TAGS = tagEncoding(24, 8);

/** @param vcpuFields - Fields that a design adds to a vCPU. */
export function opaqueSvmIn<const F extends Fields>(machine: Machine, vcpuFields: F) {
  const svm = svmIn(machine, vcpuFields, bitmapVmIds(OPAQUE_TAGS.maxVmId));
  return {
    ...svm,
    gaTagOf: (vcpu: Address): number => OPAQUE_TAGS.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu)),
    wake: (tag: number): Address => svm.findVcpu(OPAQUE_TAGS.vmIdOf(tag), OPAQUE_TAGS.vcpuIdOf(tag)),
  };
}
