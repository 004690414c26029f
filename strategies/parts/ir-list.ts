// A list of irqs for each vCPU, under a lock of the vCPU's own. The node lies in an object of the irq, together with the vCPU
// that owns it. So add and delete are O(1).
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import type { IrData } from './ir-data.js';

/** The fields that the list needs in a vCPU: 20 bytes, in a structure that load and put touch anyway. */
export const IR_LIST_HEAD = { irList: 'list_head', irListLock: 'u32' } as const;

/** The objects of irqs: where the list's node and the owner lie in one, and which ir_data it belongs to. */
export interface Irqs {
  readonly at: { readonly vcpuList: number; readonly vcpu: number };
  alloc(number: number, devid: number): Address;
  free(irq: Address): void;
  irDataOf(irq: Address): Address;
}

/** An irq on SVM's side, an object of SVM's own: the list's node lies in it. */
export const SVM_IRQ = { vcpuList: 'list_head', irData: 'pointer', vcpu: 'pointer' } as const;

/** The fields that a list whose node lies in ir_data puts in front of it. */
export const IR_DATA_LIST_NODE = { vcpuList: 'list_head', vcpu: 'pointer' } as const;

/** The node lies in ir_data itself, which has {@link IR_DATA_LIST_NODE}. */
export const irqsInIrData = ({ at, alloc, free }: IrData<typeof IR_DATA_LIST_NODE>): Irqs => ({
  at,
  alloc,
  free,
  irDataOf: (irq) => irq,
});

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
  { at, alloc, free, irDataOf }: Irqs,
) {
  const { memory, list } = machine;
  const lock = (vcpu: Address): void => memory.lock(vcpu + head.irListLock);
  const unlock = (vcpu: Address): void => memory.unlock(vcpu + head.irListLock);
  const vcpuOf = (irq: Address): Address => memory.load(irq + at.vcpu);

  function add(irq: Address, vcpu: Address): void {
    list.add(irq + at.vcpuList, vcpu + head.irList);
    memory.store(irq + at.vcpu, vcpu);
  }

  function del(irq: Address): void {
    list.del(irq + at.vcpuList);
    memory.store(irq + at.vcpu, NULL);
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
    first: (vcpu: Address): Address => memory.load(vcpu + head.irList) - at.vcpuList,
    next: (irq: Address): Address => memory.load(irq + at.vcpuList) - at.vcpuList,
    /** Follows a vCPU's last irq. */
    end: (vcpu: Address): Address => vcpu + head.irList - at.vcpuList,

    allocIrq: alloc,
    freeIrq: free,

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
