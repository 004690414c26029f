// SVM's side of the designs that keep the ir_data pointer: routes and updates over a vCPU's list of irqs. What an
// update does to one entry is the design's own.
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import type { IrData } from './ir-data.js';
import { irListIn } from './ir-list.js';

/**
 * The list designs' irqs on a host.
 *
 * @param irData - The IOMMU driver.
 * @param head - Offsets of the list and its lock in a vCPU.
 */
export function irDataList(
  machine: Machine,
  irData: Pick<IrData, 'alloc' | 'free' | 'setRemapMode'>,
  head: { readonly irList: number; readonly irListLock: number },
) {
  const list = irListIn(machine, head);

  /** Takes an irq off the list it is on, if any. */
  function leaveList(irq: Address): void {
    const vcpu = list.vcpuOf(irq);
    if (vcpu === NULL) return;
    list.lock(vcpu);
    list.del(irq);
    list.unlock(vcpu);
  }

  return {
    ...list,
    allocIrq: (irq: number, devid: number): Address => list.alloc(irData.alloc(irq, devid)),
    freeIrq(irq: Address): void {
      irData.free(list.irDataOf(irq));
      list.free(irq);
    },

    /**
     * Moves an irq to a vCPU's list, leaving the list locked: what the caller then writes to the IRTE is the
     * vCPU's state for as long as no load or put comes in between.
     */
    moveAndLock(irq: Address, vcpu: Address): void {
      const isNew = list.vcpuOf(irq) !== vcpu;
      if (isNew) leaveList(irq);
      list.lock(vcpu);
      if (isNew) list.add(irq, vcpu);
    },

    unroute(irq: Address): void {
      const vcpu = list.vcpuOf(irq);
      list.lock(vcpu);
      list.del(irq);
      irData.setRemapMode(list.irDataOf(irq));
      list.unlock(vcpu);
    },
  };
}
