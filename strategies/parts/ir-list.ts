// A list of irqs for each vCPU, under a lock of the vCPU's own. The node lies in the irq's object on SVM's side, the
// kernel's irqfd, together with the ir_data pointer and the vCPU that owns it. So add and delete are O(1).
import { layoutOf } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import type { IrData } from './ir-data.js';

/** The fields that the list needs in a vCPU: 20 bytes, in a structure that load and put touch anyway. */
export const IR_LIST_HEAD = { irList: 'list_head', irListLock: 'u32' } as const;

/** An irq on SVM's side. */
export const IRQFD = { vcpuList: 'list_head', irData: 'pointer', vcpu: 'pointer' } as const;

/**
 * The lists of a host.
 *
 * @param irData - The IOMMU driver.
 * @param head - Offsets of {@link IR_LIST_HEAD} in a vCPU.
 */
export function irListIn(
  machine: Machine,
  irData: Pick<IrData, 'alloc' | 'free' | 'setRemapMode'>,
  head: { readonly irList: number; readonly irListLock: number },
) {
  const { memory, list } = machine;
  const layout = layoutOf('kvm_kernel_irqfd', IRQFD, machine.host.pointerBytes);
  const irqfd = layout.at;
  const cache = machine.kmemCache(layout.bytes, layout.name);

  const lock = (vcpu: Address): void => memory.lock(vcpu + head.irListLock);
  const unlock = (vcpu: Address): void => memory.unlock(vcpu + head.irListLock);
  const irDataOf = (irq: Address): Address => memory.load(irq + irqfd.irData);
  const vcpuOf = (irq: Address): Address => memory.load(irq + irqfd.vcpu);

  function add(irq: Address, vcpu: Address): void {
    list.add(irq + irqfd.vcpuList, vcpu + head.irList);
    memory.store(irq + irqfd.vcpu, vcpu);
  }

  function del(irq: Address): void {
    list.del(irq + irqfd.vcpuList);
    memory.store(irq + irqfd.vcpu, NULL);
  }

  /** Takes an irq off its list if it is on one. */
  function leaveList(irq: Address): void {
    const vcpu = vcpuOf(irq);
    if (vcpu === NULL) return;
    lock(vcpu);
    del(irq);
    unlock(vcpu);
  }

  return {
    lock,
    unlock,
    irDataOf,
    /** The vCPU on whose list an irq is; NULL if it is on none. */
    vcpuOf,
    /** Puts an irq on a vCPU's list. Under that vCPU's lock. */
    add,
    /** Takes an irq off its list. Under the lock of that list's vCPU. */
    del,

    /** The first irq of a vCPU; {@link end} if it has none. */
    first: (vcpu: Address): Address => memory.load(vcpu + head.irList) - irqfd.vcpuList,
    next: (irq: Address): Address => memory.load(irq + irqfd.vcpuList) - irqfd.vcpuList,
    /** Follows a vCPU's last irq. */
    end: (vcpu: Address): Address => vcpu + head.irList - irqfd.vcpuList,

    allocIrq(number: number, devid: number): Address {
      const ofDriver = irData.alloc(number, devid);
      const irq = cache.alloc();
      memory.store(irq + irqfd.irData, ofDriver);
      return irq;
    },
    freeIrq(irq: Address): void {
      irData.free(irDataOf(irq));
      cache.free(irq);
    },
    /** Frees SVM's side of an irq alone. */
    free: cache.free,

    /**
     * Moves an irq to a vCPU's list and returns with that list locked, so that no load or put of the vCPU can run before the
     * caller has written the IRTE.
     */
    moveAndLock(irq: Address, vcpu: Address): void {
      const isNew = vcpuOf(irq) !== vcpu;
      if (isNew) leaveList(irq);
      lock(vcpu);
      if (isNew) add(irq, vcpu);
    },

    unroute(irq: Address): void {
      const vcpu = vcpuOf(irq);
      lock(vcpu);
      del(irq);
      irData.setRemapMode(irDataOf(irq));
      unlock(vcpu);
    },
  };
}
