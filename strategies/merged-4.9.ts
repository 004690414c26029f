// As merged in Linux v4.9: each vCPU has a list of ir_data pointers. The nodes are separate allocations that no irq points
// to. So a delete takes the previous vCPU from the previous tag and searches its list. One lock per vCPU protects
// its list and the entries on it. A load or put walks the list as in ir-data-pointer. A route allocates a node, and a
// delete is O(n).
import { layoutOf } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { type Address, NULL } from '../machine/memory.js';
import { irDataIn } from './parts/ir-data.js';
import { IR_LIST_HEAD } from './parts/ir-list.js';
import { loadAndPut } from './parts/load-and-put.js';
import { OPAQUE_TAGS, opaqueSvmIn } from './parts/opaque-svm.js';
import { idLimits } from './parts/tag-encoding.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** A list node, struct amd_svm_iommu_ir: 24 bytes, in a kmalloc object of 32. */
export const LIST_NODE = { node: 'list_head', data: 'pointer' } as const;

/** The caller's irq object: its VM, set by the first route, and the host irq's ir_data. */
export const IRQFD = { kvm: 'pointer', irData: 'pointer' } as const;

function create(machine: Machine): Hypervisor {
  const { memory, list } = machine;

  // The IOMMU driver: SVM hands it the ir_data, and it hands back the previous tag.
  const irData = irDataIn(machine, {});

  function updateGa(data: Address, cpu: number): void {
    if (!irData.isGuestMode(data)) return;
    irData.setRunState(data, cpu);
    irData.commit(data);
  }

  // SVM.
  const svm = opaqueSvmIn(machine, IR_LIST_HEAD);
  const nodeLayout = layoutOf('amd_svm_iommu_ir', LIST_NODE, machine.host.pointerBytes);
  const irqfdLayout = layoutOf('kvm_kernel_irqfd', IRQFD, machine.host.pointerBytes);
  const node = nodeLayout.at;
  const irqfd = irqfdLayout.at;
  const nodeCache = machine.kmemCache(nodeLayout.bytes, nodeLayout.name);
  const irqfdCache = machine.kmemCache(irqfdLayout.bytes, irqfdLayout.name);
  const headOf = (vcpu: Address): Address => vcpu + svm.vcpu.irList;
  const irList = {
    lock: (vcpu: Address): void => memory.lock(vcpu + svm.vcpu.irListLock),
    unlock: (vcpu: Address): void => memory.unlock(vcpu + svm.vcpu.irListLock),
  };

  function updateAll(vcpu: Address, cpu: number): void {
    const head = headOf(vcpu);
    for (let ir = memory.load(head); ir !== head; ir = memory.load(ir)) {
      updateGa(memory.load(ir + node.data), cpu);
    }
  }

  /** Searches the list of the vCPU that the previous tag names for an entry, and frees its node. */
  function irListDel(vm: Address, data: Address, previousTag: number): void {
    const vcpu = svm.vcpuById(vm, OPAQUE_TAGS.vcpuIdOf(previousTag));
    if (vcpu === NULL) return;
    irList.lock(vcpu);
    const head = headOf(vcpu);
    let ir = memory.load(head);
    while (ir !== head && memory.load(ir + node.data) !== data) ir = memory.load(ir);
    if (ir !== head) {
      list.del(ir + node.node);
      nodeCache.free(ir);
    }
    irList.unlock(vcpu);
  }

  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
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
      const data = memory.load(irq + irqfd.irData);
      const previousTag = irData.gaTag(data);
      if (previousTag !== 0) irListDel(memory.load(irq + irqfd.kvm), data, previousTag);
      memory.store(irq + irqfd.kvm, svm.kvmOf(vcpu));
      const ir = nodeCache.alloc();
      memory.store(ir + node.data, data);
      irList.lock(vcpu);
      list.add(ir + node.node, headOf(vcpu));
      const tag = svm.gaTagOf(vcpu);
      irData.setGuestMode(data, tag, svm.backingPageOf(vcpu), vector, svm.cpuOf(vcpu), true);
      irList.unlock(vcpu);
    },
    unroute(irq) {
      const data = memory.load(irq + irqfd.irData);
      const previousTag = irData.gaTag(data);
      irListDel(memory.load(irq + irqfd.kvm), data, previousTag);
      irData.setRemapMode(data);
    },
    ...loadAndPut(irList, svm, updateAll),
    wake(tag) {
      svm.vmTable.lock();
      const vcpu = svm.vcpuByIds(OPAQUE_TAGS.vmIdOf(tag), OPAQUE_TAGS.vcpuIdOf(tag));
      svm.vmTable.unlock();
      if (vcpu !== NULL) machine.wakeUp(vcpu);
    },
  };
}

const strategy: Strategy = {
  id: 'merged-4.9',
  title: "v4.9's per-vCPU list with later fixes, delete by search",
  summary:
    'The per-vCPU list of ir_data pointers, with nodes of 24 bytes that each route allocates. A delete searches the ' +
    'list of the previous owner, which is the vCPU whose id is in the previous tag of the entry.',
  source: 'Linux v4.9: tag of 24 bits vm_id (one-based, bitmap) and 8 bits vcpu_id.',
  gaLog: 'always',
  limits: [...idLimits(OPAQUE_TAGS), { kind: 'wakes-unlocked' }],
  notes: [
    "An entry is written under its list's lock. v4.9 did not do this at first, but the races of its early versions " +
      'are not modelled.',
  ],
  touches: [
    'struct vcpu_svm: list head and lock',
    'struct amd_svm_iommu_ir: list node and ir_data pointer, allocated by each route',
    'struct amd_iommu_pi_data: returns ir_data and the previous tag to SVM',
    'amd_ir_set_vcpu_affinity(): fills them in',
    'avic_pi_update_irte(): adds a node, and searches the list of the previous owner for the old one',
    'avic_vcpu_load(), avic_vcpu_put(): walk the list',
    'amd_iommu_update_ga(): gets ir_data, and looks nothing up',
  ],
  create,
};

export default strategy;
