// A GATAG made of a VM id and a vCPU id: vm_id in the high bits, vcpu_id in the low ones. Ids that do not fit
// are cut off, as the kernel's masks do.

/** How ids become a tag and come back. */
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
