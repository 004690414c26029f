// What a strategy is: one answer to "which IRTEs post to this vCPU, and which vCPU does this tag name". This
// interface is the contract with a user's own module; everything a strategy needs comes in through `machine`.
import type { Machine } from '../machine/machine.js';
import type { Address } from '../machine/memory.js';
import type { Limit } from './limits.js';

/** A design under test: what it stands for, and how to make its code on a host. */
export interface Strategy {
  /** Lower-case letters, digits, dots and dashes. */
  readonly id: string;
  /** One line. */
  readonly title: string;
  /** One paragraph. */
  readonly summary: string;
  /** The sentence of the review, or the kernel version, that it stands for. */
  readonly source: string;
  /** When an entry of a vCPU that is not running writes the GA log: always, or only while the vCPU blocks. */
  readonly gaLog: 'always' | 'blocking';
  /** Findings within these are expected; a strategy without any but those of its ids is sound. */
  readonly limits: readonly Limit[];
  /** Simplifications, each a sentence. */
  readonly notes: readonly string[];
  /** Makes the hypervisor and IOMMU driver code on a host. All state that it changes lives in its memory. */
  create(machine: Machine): Hypervisor;
}

/**
 * The verbs. Addresses are what the kernel would already hold at the call: a VM's and a vCPU's structure, and
 * for an irq whatever {@link allocIrq} returned.
 */
export interface Hypervisor {
  /**
   * Makes a VM with its vCPUs, none of them running.
   *
   * @param vm - The VM's number in the stream, from 0.
   * @param firstVcpu - Its first vCPU's number in the stream; the others follow.
   * @param count - vCPUs.
   * @param firstVcpuId - vCPU id of the first within the VM; the others follow.
   */
  createVm(vm: number, firstVcpu: number, count: number, firstVcpuId: number): Address;
  /** The vCPU at an index of a VM, from 0. */
  vcpuAt(vm: Address, index: number): Address;
  /** Takes a VM away; its irqs are all unrouted and its vCPUs off their CPUs. */
  destroyVm(vm: Address): void;
  /** Makes an irq of a device, its IRTE in remap mode. @param irq - Its number in the stream, from 0. */
  allocIrq(irq: number, devid: number): Address;
  /** Takes an irq away that is not routed. */
  freeIrq(irq: Address): void;
  /** Posts an irq to a vCPU: for the first time, with a new vector, or away from another vCPU of its VM. */
  route(irq: Address, vcpu: Address, vector: number): void;
  /** Returns an irq to the host: exactly the remap entry of before. */
  unroute(irq: Address): void;
  /** The vCPU begins to run on a CPU. */
  load(vcpu: Address, cpu: number): void;
  /** The vCPU leaves its CPU, because it blocks or because it was preempted. */
  put(vcpu: Address, blocking: boolean): void;
  /**
   * Which vCPU a GA log entry of an IOMMU is for; NULL if none. Begins in the IOMMU driver; changes no state.
   */
  wake(tag: number, iommu: Address): Address;
}

/** The verbs by name. */
export const HYPERVISOR_VERBS: readonly (keyof Hypervisor)[] = [
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
