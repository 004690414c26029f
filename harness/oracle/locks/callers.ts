// The caller of each operation in the kernel, and the callers' own mutual exclusion.
//
//   load, put            the vCPU's thread (KVM_RUN holds vcpu->mutex), on its CPU with preemption off
//   route, unroute       the VMM, one call at a time for an irq: KVM makes them under kvm->irqfds.lock. The kernel has one
//                        such lock for each VM. Here each irq has its own, so that it protects nothing else of a design.
//   allocIrq, freeIrq    the device's driver, which owns the irq before its first route and after its last unroute
//   createVm, destroyVm  the VMM, which holds the first or the last reference to the VM
//   drainGaLog           the IOMMU's interrupt thread
//   interrupt            hardware, which takes no lock and touches no word of a design
//
// So the check treats all operations of an irq as one thread, and all creations and destructions of a VM as another.
import type { OpName } from '../../../workloads/stream/stream.js';
import { NONE } from '../model.js';

/** A caller of operations. Its numbers are negative, so no number is an address. */
export interface Caller {
  /** Operations of one thread are sequential. */
  readonly thread: number;
  /** Exclusions without a lock of the design: the thread itself, and its CPU if preemption is off. */
  readonly holds: readonly number[];
  /** Whether no other thread still refers to the objects of this thread. */
  readonly isLast: boolean;
}

const KINDS = ['irq', 'vcpu', 'vm', 'iommu', 'hardware', 'cpu'] as const;

const numberOf = (kind: (typeof KINDS)[number], index: number): number =>
  -(index * KINDS.length + KINDS.indexOf(kind) + 1);

const THREAD_OF: Readonly<Record<OpName, (typeof KINDS)[number]>> = {
  createVm: 'vm',
  destroyVm: 'vm',
  allocIrq: 'irq',
  freeIrq: 'irq',
  route: 'irq',
  unroute: 'irq',
  load: 'vcpu',
  put: 'vcpu',
  interrupt: 'hardware',
  drainGaLog: 'iommu',
};

/**
 * The caller of an operation.
 *
 * @param operand - Number of the VM, irq, vCPU or IOMMU.
 * @param cpu - The CPU that the operation's vCPU runs on, or NONE.
 */
export function callerOf(name: OpName, operand: number, cpu: number): Caller {
  const thread = numberOf(THREAD_OF[name], operand);
  const holds = cpu === NONE ? [thread] : [thread, numberOf('cpu', cpu)];
  return { thread, holds, isLast: name === 'destroyVm' };
}
