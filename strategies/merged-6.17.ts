// As in Linux v6.17: the irqfd itself is the list node, so add and delete are O(1), and the list lock is held across
// the IRTE update. Tags carry the vCPU's index, and the GA log is asked for only while the vCPU blocks.
import type { Machine } from '../machine/machine.js';
import { type Address, NULL } from '../machine/memory.js';
import { irDataIn, NO_CPU } from './parts/ir-data.js';
import { irDataList } from './parts/ir-data-list.js';
import { IR_LIST_HEAD } from './parts/ir-list.js';
import { svmIn } from './parts/svm.js';
import { tagEncoding } from './parts/tag-encoding.js';
import { checkedVmIds } from './parts/vm-ids.js';
import type { Hypervisor, Strategy } from './strategy.js';

const tags = tagEncoding(23, 9);

function create(machine: Machine): Hypervisor {
  const { memory } = machine;

  // The IOMMU driver: it is given the entry.
  const irData = irDataIn(machine, {});

  function updateGa(entry: Address, cpu: number, isRun: boolean, gaLogIntr: boolean): void {
    if (!irData.isGuestMode(entry)) return;
    irData.setRunState(entry, cpu, isRun);
    irData.setGaLogIntr(entry, gaLogIntr);
    irData.commit(entry);
  }

  // SVM.
  const svm = svmIn(machine, IR_LIST_HEAD, (host, vmTable) => checkedVmIds(host, tags.maxVmId, vmTable));
  const irqs = irDataList(machine, irData, svm.vcpu);

  function updateAll(vcpu: Address, cpu: number, isRun: boolean, gaLogIntr: boolean): void {
    const end = irqs.end(vcpu);
    for (let irq = irqs.first(vcpu); irq !== end; irq = irqs.next(irq)) {
      updateGa(irqs.irDataOf(irq), cpu, isRun, gaLogIntr);
    }
  }

  return {
    vcpuAt: svm.vcpuAt,
    createVm: (_vm, firstVcpu, count, firstVcpuId) => svm.createVm(firstVcpu, count, firstVcpuId, irqs.init),
    destroyVm: svm.destroyVm,
    allocIrq: irqs.allocIrq,
    freeIrq: irqs.freeIrq,
    route(irq, vcpu, vector) {
      irqs.moveAndLock(irq, vcpu);
      const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdxOf(vcpu));
      const entry = irqs.irDataOf(irq);
      const cpu = svm.cpuOf(vcpu);
      irData.setGuestMode(entry, tag, svm.backingPageOf(vcpu), vector, cpu, svm.isBlocking(vcpu));
      irqs.unlock(vcpu);
    },
    unroute: irqs.unroute,
    load(vcpu, cpu) {
      irqs.lock(vcpu);
      svm.enter(vcpu, cpu);
      updateAll(vcpu, cpu, true, false);
      irqs.unlock(vcpu);
    },
    put(vcpu, blocking) {
      irqs.lock(vcpu);
      svm.leave(vcpu, blocking);
      updateAll(vcpu, NO_CPU, false, blocking);
      irqs.unlock(vcpu);
    },
    wake(tag) {
      svm.vmTable.lock();
      const vm = svm.vmTable.find(tags.vmIdOf(tag));
      const index = tags.vcpuIdOf(tag);
      const exists = vm !== NULL && index < memory.load(vm + svm.kvm.vcpuCount);
      const vcpu = exists ? svm.vcpuAt(vm, index) : NULL;
      svm.vmTable.unlock();
      return vcpu;
    },
  };
}

const strategy: Strategy = {
  id: 'merged-6.17',
  title: 'As merged in v6.17: per-vCPU list through the irqfd, O(1)',
  summary:
    'The per-vCPU list linked through the irqfds, each with its ir_data pointer and its owner. The tag holds the ' +
    'vCPU index, and an entry writes the GA log only while its vCPU blocks, not when it was merely preempted.',
  source:
    'Linux v6.17 (11a60455d4c9, b03500f03ea0); tag of 23 bits vm_id and 9 bits vCPU index (5999715922c5).',
  gaLog: 'blocking',
  limits: [
    { kind: 'max-vms', value: tags.maxVmId },
    { kind: 'id-reuse' },
    { kind: 'max-vcpu-index', value: tags.maxVcpuId },
  ],
  notes: ['vm_ids count up, skip 0, and are checked for use once the counter has wrapped.'],
  create,
};

export default strategy;
