// The contract of a strategy: one answer to the questions "which IRTEs post to this vCPU?" and "which vCPU does this
// tag name?". A user's own module follows it too. Everything that a strategy needs comes in through `machine`.
import type { HostParameters } from '../machine/host.js';
import type { Machine } from '../machine/machine.js';
import type { Address } from '../machine/memory.js';
import type { Limit } from './limits.js';

/** A design under test: its description, and its code on a host. */
export interface Strategy {
  /** Lower-case letters, digits, dots and dashes. */
  readonly id: string;
  /** One line. */
  readonly title: string;
  /** One paragraph. */
  readonly summary: string;
  /** The sentence of the review, or the kernel version, that it stands for. */
  readonly source: string;
  /** When an entry of a vCPU that does not run writes the GA log: always, or only while the vCPU blocks. */
  readonly gaLog: 'always' | 'blocking';
  /** Failures within these limits are expected. limits.ts says which of them leave a strategy sound. */
  readonly limits: readonly Limit[];
  /** Host parameters without which it is no design. On any other host it runs apart from the others, with these. */
  readonly needs?: Partial<Pick<HostParameters, 'pointerBytes'>> | undefined;
  /** Simplifications, each a sentence. */
  readonly notes: readonly string[];
  /**
   * What a patch touches in a kernel that has AVIC and its GA log, but no way from a vCPU to its entries. A line for each place:
   * its functions or struct, a colon, and what they do or hold.
   */
  readonly touches?: readonly string[] | undefined;
  /** Makes the code of the hypervisor and of the IOMMU driver. All state that it changes lives in the host's memory. */
  create(machine: Machine): Hypervisor;
}

/**
 * The operations. Each address is one that the kernel would already hold at the call: a VM's and a vCPU's structure,
 * and for an irq the address that {@link allocIrq} returned.
 */
export interface Hypervisor {
  /**
   * Makes a VM with its vCPUs. None of them runs.
   *
   * @param vm - The VM's number in the stream, from 0.
   * @param firstVcpu - The number of its first vCPU in the stream; the others follow.
   * @param count - vCPUs.
   * @param firstVcpuId - The vcpu_id of its first vCPU; the others follow.
   */
  createVm(vm: number, firstVcpu: number, count: number, firstVcpuId: number): Address;
  /** The vCPU at an index of a VM, from 0. */
  vcpuAt(vm: Address, index: number): Address;
  /** Frees a VM. All its irqs are unrouted, and none of its vCPUs runs. */
  destroyVm(vm: Address): void;
  /** Makes an irq of a device, with its IRTE in remap mode. @param irq - Its number in the stream, from 0. */
  allocIrq(irq: number, devid: number): Address;
  /** Frees an irq that is not routed. */
  freeIrq(irq: Address): void;
  /** Posts an irq to a vCPU: for the first time, with a new vector, or away from another vCPU of its VM. */
  route(irq: Address, vcpu: Address, vector: number): void;
  /** Returns an irq to the host: its IRTE is exactly the remap entry from before the route. */
  unroute(irq: Address): void;
  /** A vCPU begins to run on a CPU; avic_vcpu_load() in the kernel. */
  load(vcpu: Address, cpu: number): void;
  /** A vCPU leaves its CPU, because it blocks or because it was preempted; avic_vcpu_put(). */
  put(vcpu: Address, blocking: boolean): void;
  /**
   * Handles a GA log entry of an IOMMU: `machine.wakeUp()` with the vCPU that it is for, if there still is one. It begins
   * in the IOMMU driver and ends in avic_ga_log_notifier(). It wakes under the lock that keeps the vCPU alive, wakes
   * at most one vCPU, and changes no state.
   */
  wake(tag: number, iommu: Address): void;
}

/** The names of the operations. */
export const HYPERVISOR_OPERATIONS: readonly (keyof Hypervisor)[] = [
  'createVm',
  'vcpuAt',
  'destroyVm',
  'allocIrq',
  'freeIrq',
  'route',
  'unroute',
  'load',
  'put',
  'wake',
];
