// As merged in Linux v4.9: the list of pointers won, with its nodes allocated apart from everything else, so that
// removing an irq searches the list of its previous owner, and that owner is decoded from the previous tag.
import { layoutOf } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { type Address, NULL } from '../machine/memory.js';
import { irDataIn, NO_CPU } from './parts/ir-data.js';
import { svmIn } from './parts/svm.js';
import { tagEncoding } from './parts/tag-encoding.js';
import { bitmapVmIds } from './parts/vm-ids.js';
import type { Hypervisor, Strategy } from './strategy.js';

const tags = tagEncoding(24, 8);

/** A list node, struct amd_svm_iommu_ir: 24 bytes, so an object of 32. */
export const LIST_NODE = { node: 'list_head', data: 'pointer' } as const;

/** What the caller of SVM knows of an irq: its VM once it has one, and the host irq's ir_data. */
const IRQFD = { kvm: 'pointer', irData: 'pointer' } as const;

function create(machine: Machine): Hypervisor {
  const { memory, list } = machine;

  // The IOMMU driver: it is given the entry, and says which tag the entry had before.
  const irData = irDataIn(machine, {});

  function updateGa(entry: Address, cpu: number, isRun: boolean): void {
    if (!irData.isGuestMode(entry)) return;
    irData.setRunState(entry, cpu, isRun);
    irData.commit(entry);
  }

  // SVM.
  const svm = svmIn(machine, { irList: 'list_head', irListLock: 'u32' }, (host) =>
    bitmapVmIds(host, tags.maxVmId),
  );
  const nodeLayout = layoutOf('amd_svm_iommu_ir', LIST_NODE, machine.host.pointerBytes);
  const irqfdLayout = layoutOf('kvm_kernel_irqfd', IRQFD, machine.host.pointerBytes);
  const node = nodeLayout.at;
  const irqfd = irqfdLayout.at;
  const nodeCache = machine.kmemCache(nodeLayout.bytes, nodeLayout.name);
  const irqfdCache = machine.kmemCache(irqfdLayout.bytes, irqfdLayout.name);
  const headOf = (vcpu: Address): Address => vcpu + svm.vcpu.irList;
  const lockOf = (vcpu: Address): Address => vcpu + svm.vcpu.irListLock;

  function updateAll(vcpu: Address, cpu: number, isRun: boolean): void {
    const head = headOf(vcpu);
    for (let ir = memory.load(head); ir !== head; ir = memory.load(ir)) {
      updateGa(memory.load(ir + node.data), cpu, isRun);
    }
  }

  /** Takes an entry off the list of the vCPU that its previous tag names; the list is searched for it. */
  function irListDel(vm: Address, entry: Address, previousTag: number): void {
    const vcpu = svm.vcpuById(vm, tags.vcpuIdOf(previousTag));
    if (vcpu === NULL) return;
    memory.lock(lockOf(vcpu));
    const head = headOf(vcpu);
    let ir = memory.load(head);
    while (ir !== head && memory.load(ir + node.data) !== entry) ir = memory.load(ir);
    if (ir !== head) {
      list.del(ir + node.node);
      nodeCache.free(ir);
    }
    memory.unlock(lockOf(vcpu));
  }

  return {
    vcpuAt: svm.vcpuAt,
    createVm: (_vm, firstVcpu, count, firstVcpuId) =>
      svm.createVm(firstVcpu, count, firstVcpuId, (vcpu) => list.init(headOf(vcpu))),
    destroyVm: svm.destroyVm,
    allocIrq(irq, devid) {
      const address = irqfdCache.alloc();
      memory.store(address + irqfd.irData, irData.alloc(irq, devid));
      return address;
    },
    freeIrq(irq) {
      irData.free(memory.load(irq + irqfd.irData));
      irqfdCache.free(irq);
    },
    route(irq, vcpu, vector) {
      const entry = memory.load(irq + irqfd.irData);
      const previousTag = irData.cachedGaTag(entry);
      if (previousTag !== 0) irListDel(memory.load(irq + irqfd.kvm), entry, previousTag);
      memory.store(irq + irqfd.kvm, svm.kvmOf(vcpu));
      const ir = nodeCache.alloc();
      memory.store(ir + node.data, entry);
      memory.lock(lockOf(vcpu));
      list.add(ir + node.node, headOf(vcpu));
      const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
      irData.setGuestMode(entry, tag, svm.backingPageOf(vcpu), vector, svm.cpuOf(vcpu), true);
      memory.unlock(lockOf(vcpu));
    },
    unroute(irq) {
      const entry = memory.load(irq + irqfd.irData);
      const previousTag = irData.cachedGaTag(entry);
      irListDel(memory.load(irq + irqfd.kvm), entry, previousTag);
      irData.setRemapMode(entry);
    },
    load(vcpu, cpu) {
      memory.lock(lockOf(vcpu));
      svm.enter(vcpu, cpu);
      updateAll(vcpu, cpu, true);
      memory.unlock(lockOf(vcpu));
    },
    put(vcpu, blocking) {
      memory.lock(lockOf(vcpu));
      svm.leave(vcpu, blocking);
      updateAll(vcpu, NO_CPU, false);
      memory.unlock(lockOf(vcpu));
    },
    wake: (tag) => svm.findVcpu(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
  };
}

const strategy: Strategy = {
  id: 'merged-4.9',
  title: 'As merged in v4.9: per-vCPU list, delete by search',
  summary:
    'The per-vCPU list of ir_data pointers, with nodes of 24 bytes allocated at each route. Deleting searches the ' +
    'list of the previous owner, found by the vCPU id in the tag that the entry had before.',
  source: 'Linux v4.9: tag of 24 bits vm_id (one-based, bitmap) and 8 bits vcpu_id.',
  gaLog: 'always',
  limits: [
    { kind: 'max-vms', value: tags.maxVmId },
    { kind: 'id-reuse' },
    { kind: 'max-vcpu-id', value: tags.maxVcpuId },
  ],
  notes: [
    "An entry is written under its list's lock, which v4.9 did not do at first; the races of its early versions are " +
      'not modelled.',
  ],
  create,
};

export default strategy;
