// Operations in kernel terms. VMs are counted from 1, as vm_ids are.
import { DELIVERY } from '../machine/machine.js';
import type { Operation } from '../workloads/stream.js';
import type { Model } from './model.js';

/** A vCPU by its VM and its id. */
export function describeVcpu(vcpu: number, model: Model): string {
  const state = model.vcpus[vcpu];
  return state === undefined ? `vcpu number ${vcpu}` : `vm ${state.vm + 1} vcpu ${state.id}`;
}

/** An operation, such as "load vm 4 vcpu 15 on CPU 2". */
export function describeOperation(operation: Operation, model: Model): string {
  const { name, operand, argument, count, firstVcpuId } = operation;
  switch (name) {
    case 'createVm':
      return `create vm ${operand + 1} with vcpus ${firstVcpuId} to ${firstVcpuId + count - 1}`;
    case 'destroyVm':
      return `destroy vm ${operand + 1}`;
    case 'allocIrq':
      return `allocate irq ${operand} of device ${argument}`;
    case 'freeIrq':
      return `free irq ${operand}`;
    case 'route': {
      const vector = (argument & 0xff).toString(16);
      return `route irq ${operand} to ${describeVcpu(argument >>> 8, model)}, vector 0x${vector}`;
    }
    case 'unroute':
      return `unroute irq ${operand}`;
    case 'load':
      return `load ${describeVcpu(operand, model)} on CPU ${argument}`;
    case 'put':
      return `put ${describeVcpu(operand, model)}, ${argument === 0 ? 'preempted' : 'blocking'}`;
    case 'interrupt':
      return `interrupt irq ${operand}`;
    case 'drainGaLog':
      return `drain the GA log of IOMMU ${operand}`;
  }
}

/** What the hardware did with an interrupt, by name. */
export function deliveryName(delivery: number): string {
  return Object.entries(DELIVERY).find(([, value]) => value === delivery)?.[0] ?? `delivery ${delivery}`;
}
