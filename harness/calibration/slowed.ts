// The strategy ir-data-pointer with a known amount of additional work of its own kind. At the end of a vCPU's list an
// update continues at the head and writes some entries again, with the same values. Each entry's address comes from the
// entry before, so that the CPU cannot overlap the work.
//
// `slowed.js?percent=N`: with 50 entries on each vCPU, a load and a put write N more entries than the necessary 100.
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import base from '../../strategies/ir-data-pointer.js';
import { irDataIn, NO_CPU } from '../../strategies/parts/ir-data.js';
import { IR_LIST_HEAD, irListIn } from '../../strategies/parts/ir-list.js';
import { keptPointer } from '../../strategies/parts/kept-pointer.js';
import { svmIn } from '../../strategies/parts/svm.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { bitmapVmIds } from '../../strategies/parts/vm-ids.js';
import type { Hypervisor, Strategy } from '../../strategies/strategy.js';

/** With this many entries on each vCPU, N percent of a load and a put are N entries. */
export const ENTRIES_PER_VCPU = 50;

const percent = Number(new URL(import.meta.url).searchParams.get('percent'));
const moreInLoad = Math.floor(percent / 2);
const moreInPut = Math.ceil(percent / 2);

const tags = tagEncoding(24, 8);

function create(machine: Machine): Hypervisor {
  const svm = svmIn(machine, IR_LIST_HEAD, (host) => bitmapVmIds(host, tags.maxVmId));
  const { initVcpu, ...verbs } = keptPointer(machine, svm, (vcpu) =>
    tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu)),
  );
  const irData = irDataIn(machine, {});
  const irqs = irListIn(machine, svm.vcpu);

  function updateGa(entry: Address, cpu: number, rootPage: number, isRun: boolean): void {
    if (!irData.isGuestMode(entry)) return;
    irData.setRootPage(entry, rootPage);
    irData.setRunState(entry, cpu, isRun);
    irData.commit(entry);
  }

  function updateAll(vcpu: Address, cpu: number, isRun: boolean, more: number): void {
    const base = svm.backingPageOf(vcpu);
    const end = irqs.end(vcpu);
    let irq = irqs.first(vcpu);
    for (; irq !== end; irq = irqs.next(irq)) {
      updateGa(irqs.irDataOf(irq), cpu, base, isRun);
    }
    for (let again = 0; again < more; again++) {
      irq = irqs.next(irq);
      if (irq === end) return;
      updateGa(irqs.irDataOf(irq), cpu, base, isRun);
    }
  }

  return {
    ...verbs,
    vcpuAt: svm.vcpuAt,
    createVm: (_vm, firstVcpu, count, firstVcpuId) => svm.createVm(firstVcpu, count, firstVcpuId, initVcpu),
    destroyVm: svm.destroyVm,
    wake: (tag) => svm.findVcpu(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
    load(vcpu, cpu) {
      irqs.lock(vcpu);
      svm.enter(vcpu, cpu);
      updateAll(vcpu, cpu, true, moreInLoad);
      irqs.unlock(vcpu);
    },
    put(vcpu, blocking) {
      irqs.lock(vcpu);
      svm.leave(vcpu, blocking);
      updateAll(vcpu, NO_CPU, false, moreInPut);
      irqs.unlock(vcpu);
    },
  };
}

const strategy: Strategy = {
  ...base,
  id: `slowed-by-${percent}-percent`,
  title: `ir-data-pointer with ${percent} % more of its work in an update`,
  create,
};

export default strategy;
