// A GATAG made of two ids: vm_id in the high bits, vcpu_id in the low bits. Bits that do not fit are lost, as with the
// kernel's masks.
import type { Limit } from '../limits.js';

/** Makes a tag from ids, and ids from a tag. */
export interface TagEncoding {
  readonly maxVmId: number;
  readonly maxVcpuId: number;
  /** The tag as int32. */
  encode(vmId: number, vcpuId: number): number;
  vmIdOf(tag: number): number;
  vcpuIdOf(tag: number): number;
}

/** @param vmBits - With `vcpuBits` at most 32. */
export function tagEncoding(vmBits: number, vcpuBits: number): TagEncoding {
  const maxVmId = 2 ** vmBits - 1;
  const maxVcpuId = 2 ** vcpuBits - 1;
  return {
    maxVmId,
    maxVcpuId,
    encode: (vmId, vcpuId) => ((vmId & maxVmId) << vcpuBits) | (vcpuId & maxVcpuId),
    vmIdOf: (tag) => (tag >>> vcpuBits) & maxVmId,
    vcpuIdOf: (tag) => tag & maxVcpuId,
  };
}

/** The limits of a design whose tags encode a vcpu_id and a vm_id that is reused. */
export const idLimits = ({ maxVmId, maxVcpuId }: TagEncoding): Limit[] => [
  { kind: 'max-vms', value: maxVmId },
  { kind: 'max-vcpu-id', value: maxVcpuId },
];
