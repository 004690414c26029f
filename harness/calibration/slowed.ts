// The strategy ir-data-pointer, slowed by a known share of its own kind of work. At the end of its vCPU's list an update
// goes round the ring again and rewrites some entries with the values that they have. Each entry's address depends on the
// entry before it, so no CPU can overlap the extra work.
//
// `slowed.js?percent=N`: with 50 entries on each vCPU, a load and a put together write 100 + N entries instead of 100.
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import base from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/entry.js';
import { irDataIn } from '../../strategies/parts/ir-data.js';
import { IR_LIST_HEAD, irListIn, SVM_IRQ } from '../../strategies/parts/ir-list.js';
import { irqObjectsIn } from '../../strategies/parts/irq-object.js';
import { loadAndPut } from '../../strategies/parts/load-and-put.js';
import { GA_TAG, vmsIn } from '../../strategies/parts/vm.js';
import type { Hypervisor, Strategy } from '../../strategies/strategy.js';

/** With this many entries on each vCPU, N percent of a load and a put are N entries. */
export const ENTRIES_PER_VCPU = 50;

export const slowedId = (percentage: number): string => `slowed-by-${percentage}-percent`;

const percent = Number(new URL(import.meta.url).searchParams.get('percent'));
const moreInLoad = Math.floor(percent / 2);
const moreInPut = Math.ceil(percent / 2);

function create(machine: Machine): Hypervisor {
  const operations = base.create(machine);
  const svm = vmsIn(machine, { ...GA_TAG, ...IR_LIST_HEAD });
  const irData = irDataIn(machine, {});
  const objects = irqObjectsIn(machine, 'svm_irq', irData, SVM_IRQ);
  const irqs = irListIn(machine, irData, svm.vcpu, objects);

  function updateAll(vcpu: Address, cpu: number): void {
    const more = cpu === NO_CPU ? moreInPut : moreInLoad;
    const base = svm.backingPageOf(vcpu);
    const end = irqs.end(vcpu);
    let irq = irqs.first(vcpu);
    for (; irq !== end; irq = irqs.next(irq)) {
      irData.updateEntry(irqs.irDataOf(irq), cpu, base);
    }
    for (let again = 0; again < more; again++) {
      irq = irqs.next(irq);
      if (irq === end) return;
      irData.updateEntry(irqs.irDataOf(irq), cpu, base);
    }
  }

  return { ...operations, ...loadAndPut(irqs, svm, updateAll) };
}

const strategy: Strategy = {
  ...base,
  id: slowedId(percent),
  title: `ir-data-pointer with ${percent} % more of its work in an update`,
  create,
};

export default strategy;
