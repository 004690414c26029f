// The structures of ir-data-pointer and merged-6.17 a second time, so that a mutant can replace one of their
// operations. Nothing here has state of its own: the same layouts lead to the same objects.
import { type Fields, layoutOf } from '../../../machine/layout.js';
import type { Machine } from '../../../machine/machine.js';
import type { Address } from '../../../machine/memory.js';
import { KVM_KERNEL_IRQFD } from '../../../strategies/merged-6.17.js';
import { irDataIn } from '../../../strategies/parts/ir-data.js';
import { IR_LIST_HEAD, irListIn, SVM_IRQ } from '../../../strategies/parts/ir-list.js';
import { irqObjectsIn } from '../../../strategies/parts/irq-object.js';
import { loadAndPut } from '../../../strategies/parts/load-and-put.js';
import { GA_TAG, vmsIn } from '../../../strategies/parts/vm.js';

/** The structures on a machine on which the sound strategy, ir-data-pointer, has made its own. */
export function keptPointerParts(machine: Machine) {
  return partsOf(machine, { ...GA_TAG, ...IR_LIST_HEAD }, SVM_IRQ);
}

/** The same for merged-6.17. */
export function mergedParts(machine: Machine) {
  return partsOf(machine, IR_LIST_HEAD, KVM_KERNEL_IRQFD);
}

function partsOf<
  const F extends Fields & {
    readonly vcpuList: 'list_head';
    readonly irData: 'pointer';
    readonly vcpu: 'pointer';
  },
>(machine: Machine, vcpuFields: typeof IR_LIST_HEAD, irqFields: F) {
  const svm = vmsIn(machine, vcpuFields);
  const irData = irDataIn(machine, {});
  const objects = irqObjectsIn(machine, 'svm_irq', irData, irqFields);
  const irqs = irListIn(machine, irData, svm.vcpu, objects);

  return {
    svm,
    irData,
    irqs,
    /** Frees SVM's side of an irq alone. */
    freeSvmIrq: machine.kmemCache(layoutOf('svm_irq', irqFields, machine.host.pointerBytes).bytes).free,

    /** Edits word 0 of a shadow entry. */
    editWord0(data: Address, edit: (word0: number) => number): void {
      const entry = machine.memory.load(data + irData.at.entry);
      machine.memory.store(entry, edit(machine.memory.load(entry)));
    },

    /** A load and put that update the ir_data of each irq on the vCPU's list in another way. */
    loadAndPutWith(update: (entry: Address, cpu: number) => void) {
      return loadAndPut(irqs, svm, (vcpu, cpu) => {
        const end = irqs.end(vcpu);
        for (let irq = irqs.first(vcpu); irq !== end; irq = irqs.next(irq)) {
          update(irqs.irDataOf(irq), cpu);
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
