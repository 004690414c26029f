// The designs in which SVM keeps the ir_data pointer of each irq on its vCPU's list: how they route, load and put.
// ir-data-pointer and pointer-as-tag are this with two kinds of tag; only a wakeup tells them apart.
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import type { Hypervisor } from '../strategy.js';
import { irDataIn, NO_CPU } from './ir-data.js';
import { irDataList } from './ir-data-list.js';

/** What of SVM the routes and updates need. */
interface Svm {
  /** Offsets of the list and its lock in a vCPU. */
  readonly vcpu: { readonly irList: number; readonly irListLock: number };
  backingPageOf(vcpu: Address): number;
  cpuOf(vcpu: Address): number;
  enter(vcpu: Address, cpu: number): void;
  leave(vcpu: Address, blocking: boolean): void;
}

/** The verbs that do not depend on ids, and how to make a vCPU's list. */
interface KeptPointer
  extends Pick<Hypervisor, 'allocIrq' | 'freeIrq' | 'route' | 'unroute' | 'load' | 'put'> {
  initVcpu(vcpu: Address): void;
}

/**
 * The design on a host.
 *
 * @param gaTagOf - The tag that names a vCPU in the GA log.
 */
export function keptPointer(machine: Machine, svm: Svm, gaTagOf: (vcpu: Address) => number): KeptPointer {
  // The IOMMU driver: it is given the entry and finds nothing.
  const irData = irDataIn(machine, {});

  function updateGa(entry: Address, cpu: number, base: number, isRun: boolean): void {
    if (!irData.isGuestMode(entry)) return;
    irData.setRootPage(entry, base);
    irData.setRunState(entry, cpu, isRun);
    irData.commit(entry);
  }

  // SVM.
  const irqs = irDataList(machine, irData, svm.vcpu);

  function updateAll(vcpu: Address, cpu: number, isRun: boolean): void {
    const base = svm.backingPageOf(vcpu);
    const end = irqs.end(vcpu);
    for (let irq = irqs.first(vcpu); irq !== end; irq = irqs.next(irq)) {
      updateGa(irqs.irDataOf(irq), cpu, base, isRun);
    }
  }

  return {
    initVcpu: irqs.init,
    allocIrq: irqs.allocIrq,
    freeIrq: irqs.freeIrq,
    route(irq, vcpu, vector) {
      irqs.moveAndLock(irq, vcpu);
      const entry = irqs.irDataOf(irq);
      irData.setGuestMode(entry, gaTagOf(vcpu), svm.backingPageOf(vcpu), vector, svm.cpuOf(vcpu), true);
      irqs.unlock(vcpu);
    },
    unroute: irqs.unroute,
    load(vcpu, cpu) {
      irqs.lock(vcpu);
      svm.enter(vcpu, cpu);
      updateAll(vcpu, cpu, true);
      irqs.unlock(vcpu);
    },
    put(vcpu, blocking) {
      irqs.lock(vcpu);
      svm.leave(vcpu, blocking);
      updateAll(vcpu, NO_CPU, false);
      irqs.unlock(vcpu);
    },
  };
}
