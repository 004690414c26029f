// Who runs an operation in the kernel, and what keeps it apart from others before the design takes any lock.
//
//   load, put            the vCPU's thread (KVM_RUN holds vcpu->mutex), on its CPU with preemption off
//   route, unroute       the VMM, one call at a time for an irq: KVM makes them under kvm->irqfds.lock. That lock is the
//                        VM's; here it is one for each irq, so that a design gets nothing from it but what it is for
//   allocIrq, freeIrq    the device's driver, which owns the irq: before its first route and after its last
//   createVm, destroyVm  the VMM, which holds the first reference to the VM, or gives the last one back
//   drainGaLog           the IOMMU's interrupt thread
//   interrupt            hardware, which takes no lock and touches nothing of a design's
//
// So an irq's operations are one thread to the check, whoever makes them, and so are a VM's.
import type { OpName } from '../../../workloads/stream/stream.js';
import { NONE } from '../model.js';

/** A caller of operations. Its numbers are negative, so that none is an address. */
export interface Caller {
  /** Its operations come one after the other. */
  readonly thread: number;
  /** What it holds that is no lock of the design: itself, and its CPU if it cannot be preempted. */
  readonly holds: readonly number[];
  /** Whether nobody else refers to what the thread has made. */
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
 * @param cpu - Where the operation's vCPU runs, or NONE.
 */
export function callerOf(name: OpName, operand: number, cpu: number): Caller {
  const thread = numberOf(THREAD_OF[name], operand);
  const holds = cpu === NONE ? [thread] : [thread, numberOf('cpu', cpu)];
  return { thread, holds, isLast: name === 'destroyVm' };
}
