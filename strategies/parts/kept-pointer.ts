// The designs with a list of ir_data for each vCPU: how they route, load and put. They differ in the tag, in the wakeup, and
// in where the list's node lies.
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import type { Hypervisor } from '../strategy.js';
import { type IrData, irDataIn } from './ir-data.js';
import { type Irqs, irListIn, SVM_IRQ } from './ir-list.js';
import { irqObjectsIn } from './irq-object.js';
import { loadAndPut, type RunState } from './load-and-put.js';

/** The part of SVM that routes and updates need. */
interface Svm extends RunState {
  /** Offsets of the list and its lock in a vCPU. */
  readonly vcpu: { readonly irList: number; readonly irListLock: number };
  backingPageOf(vcpu: Address): number;
  cpuOf(vcpu: Address): number;
}

/**
 * The operations that do not depend on ids.
 *
 * @param gaTagOf - The tag that names a vCPU in the GA log.
 * @param irData - The IOMMU driver: SVM hands it the ir_data, so it looks nothing up.
 */
export function keptPointer(
  machine: Machine,
  svm: Svm,
  gaTagOf: (vcpu: Address) => number,
  irData: IrData = irDataIn(machine, {}),
  objects: Irqs = irqObjectsIn(machine, 'svm_irq', irData, SVM_IRQ),
): Pick<Hypervisor, 'allocIrq' | 'freeIrq' | 'route' | 'unroute' | 'load' | 'put'> {
  // SVM.
  const irqs = irListIn(machine, irData, svm.vcpu, objects);

  function updateAll(vcpu: Address, cpu: number): void {
    const base = svm.backingPageOf(vcpu);
    const end = irqs.end(vcpu);
    for (let irq = irqs.first(vcpu); irq !== end; irq = irqs.next(irq)) {
      irData.updateEntry(irqs.irDataOf(irq), cpu, base);
    }
  }

  return {
    allocIrq: irqs.allocIrq,
    freeIrq: irqs.freeIrq,
    route(irq, vcpu, vector) {
      irqs.moveAndLock(irq, vcpu);
      const data = irqs.irDataOf(irq);
      irData.setGuestMode(data, gaTagOf(vcpu), svm.backingPageOf(vcpu), vector, svm.cpuOf(vcpu), true);
      irqs.unlock(vcpu);
    },
    unroute: irqs.unroute,
    ...loadAndPut(irqs, svm, updateAll),
  };
}
