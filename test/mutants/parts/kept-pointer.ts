// The structures of ir-data-pointer and merged-6.17 a second time, so that a mutant can replace one of their
// operations. Nothing here has state of its own: the same layouts lead to the same objects.
import { layoutOf } from '../../../machine/layout.js';
import type { Machine } from '../../../machine/machine.js';
import type { Address } from '../../../machine/memory.js';
import { irDataIn } from '../../../strategies/parts/ir-data.js';
import { IR_LIST_HEAD, IRQFD, irListIn } from '../../../strategies/parts/ir-list.js';
import { loadAndPut } from '../../../strategies/parts/load-and-put.js';
import { vmsIn } from '../../../strategies/parts/vm.js';

/** The structures on a machine on which the sound strategy has made its own. */
export function keptPointerParts(machine: Machine) {
  const svm = vmsIn(machine, IR_LIST_HEAD);
  const irData = irDataIn(machine, {});
  const irqs = irListIn(machine, irData, svm.vcpu);

  return {
    svm,
    irData,
    irqs,
    /** Frees SVM's side of an irq alone. */
    freeIrqfd: machine.kmemCache(layoutOf('kvm_kernel_irqfd', IRQFD, machine.host.pointerBytes).bytes).free,

    /** A load and put that update the ir_data of each irq on the vCPU's list in another way. */
    loadAndPutWith(update: (entry: Address, cpu: number, isRun: boolean) => void) {
      return loadAndPut(irqs, svm, (vcpu, cpu, isRun) => {
        const end = irqs.end(vcpu);
        for (let irq = irqs.first(vcpu); irq !== end; irq = irqs.next(irq)) {
          update(irqs.irDataOf(irq), cpu, isRun);
        }
      });
    },

    /** Edits an irq's shadow entry and writes it, under its vCPU's lock. */
    amend(irq: Address, edit: (entry: Address) => void): void {
      const vcpu = irqs.vcpuOf(irq);
      irqs.lock(vcpu);
      edit(irqs.irDataOf(irq));
      irData.commit(irqs.irDataOf(irq));
      irqs.unlock(vcpu);
    },
  };
}
