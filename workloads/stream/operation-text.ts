// Operations in kernel terms, one line each. VMs are counted from 1, as vm_ids are. history-text.ts reads them back.
import type { Operation } from './stream.js';

/** Tells which vCPU of which VM a number in the stream is. */
export interface VcpuNames {
  /** Whether there has been such a vCPU. */
  hasVcpu(vcpu: number): boolean;
  vmOf(vcpu: number): number;
  vcpuIdOf(vcpu: number): number;
}

/** A vCPU by its VM and its id. */
export function describeVcpu(vcpu: number, names: VcpuNames): string {
  if (!names.hasVcpu(vcpu)) return `vcpu number ${vcpu}`;
  return `vm ${names.vmOf(vcpu) + 1} vcpu ${names.vcpuIdOf(vcpu)}`;
}

/** "irq 3", "irqs 3-5". */
const numbered = (noun: string, first: number, count: number): string =>
  count === 1 ? `${noun} ${first}` : `${noun}s ${first}-${first + count - 1}`;

/**
 * A run of operations in words, such as "load vm 4 vcpu 15 on CPU 2" or "create VMs 2-256 with vCPU 0 each".
 *
 * @param operation - The first of the run.
 * @param run - How many there are: each on the next VM, irq or IOMMU, and otherwise alike.
 */
export function describeOperation(operation: Operation, names: VcpuNames, run = 1): string {
  const { name, operand, argument, count, firstVcpuId } = operation;
  switch (name) {
    case 'createVm': {
      const vcpus = numbered('vCPU', firstVcpuId, count);
      return `create ${numbered('VM', operand + 1, run)} with ${vcpus}${run === 1 ? '' : ' each'}`;
    }
    case 'destroyVm':
      return `destroy ${numbered('VM', operand + 1, run)}`;
    case 'allocIrq':
      return `allocate ${numbered('irq', operand, run)} of device ${argument}`;
    case 'freeIrq':
      return `free ${numbered('irq', operand, run)}`;
    case 'route': {
      const vector = (argument & 0xff).toString(16);
      return `route ${numbered('irq', operand, run)} to ${describeVcpu(argument >>> 8, names)}, vector 0x${vector}`;
    }
    case 'unroute':
      return `unroute ${numbered('irq', operand, run)}`;
    case 'load':
      return `load ${describeVcpu(operand, names)} on CPU ${argument}`;
    case 'put':
      return `put ${describeVcpu(operand, names)}, ${argument === 0 ? 'preempted' : 'blocking'}`;
    case 'interrupt':
      return `interrupt ${numbered('irq', operand, run)}`;
    case 'drainGaLog':
      return run === 1
        ? `drain the GA log of IOMMU ${operand}`
        : `drain the GA logs of ${numbered('IOMMU', operand, run)}`;
  }
}
