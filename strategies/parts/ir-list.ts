// The other way to find entries: each vCPU has a list of its irqs, under a lock of its own. The node is the irq's
// own on SVM's side (in the kernel, the irqfd's), so that it can leave its list without a search; it holds the
// ir_data pointer that configuring the IRTE gave back, and knows whose list it is on.

import { layoutOf } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';

/** Fields that the list needs in a vCPU: 20 bytes, in a structure that load and put have in hand. */
export const IR_LIST_HEAD = { irList: 'list_head', irListLock: 'u32' } as const;

/** An irq on SVM's side. */
export const IRQFD = { vcpuList: 'list_head', irData: 'pointer', vcpu: 'pointer' } as const;

/** @param head - Offsets of {@link IR_LIST_HEAD} in a vCPU. */
export function irListIn(machine: Machine, head: { readonly irList: number; readonly irListLock: number }) {
  const { memory, list } = machine;
  const layout = layoutOf('kvm_kernel_irqfd', IRQFD, machine.host.pointerBytes);
  const irqfd = layout.at;
  const cache = machine.kmemCache(layout.bytes, layout.name);

  return {
    /** Makes the list of a vCPU empty. */
    init: (vcpu: Address) => list.init(vcpu + head.irList),
    lock: (vcpu: Address) => memory.lock(vcpu + head.irListLock),
    unlock: (vcpu: Address) => memory.unlock(vcpu + head.irListLock),

    /** Makes the SVM side of an irq, on no list. */
    alloc(irData: Address): Address {
      const irq = cache.alloc();
      memory.store(irq + irqfd.irData, irData);
      return irq;
    },
    free: cache.free,

    irDataOf: (irq: Address): Address => memory.load(irq + irqfd.irData),
    /** The vCPU on whose list the irq is; NULL if on none. */
    vcpuOf: (irq: Address): Address => memory.load(irq + irqfd.vcpu),

    /** Puts an irq on a vCPU's list. Under that vCPU's lock. */
    add(irq: Address, vcpu: Address): void {
      list.add(irq + irqfd.vcpuList, vcpu + head.irList);
      memory.store(irq + irqfd.vcpu, vcpu);
    },
    /** Takes an irq off its list. Under that vCPU's lock. */
    del(irq: Address): void {
      list.del(irq + irqfd.vcpuList);
      memory.store(irq + irqfd.vcpu, NULL);
    },

    /** The first irq of a vCPU, or its end. */
    first: (vcpu: Address): Address => memory.load(vcpu + head.irList) - irqfd.vcpuList,
    /** The irq after one. */
    next: (irq: Address): Address => memory.load(irq + irqfd.vcpuList) - irqfd.vcpuList,
    /** What {@link next} gives after a vCPU's last irq. */
    end: (vcpu: Address): Address => vcpu + head.irList - irqfd.vcpuList,
  };
}
