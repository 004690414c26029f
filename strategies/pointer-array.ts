// ir-data-pointer with an array for each vCPU instead of a list. An update reads the ir_data pointers from consecutive words, and
// no object of SVM's own. The first four lie in the vCPU; then an array is allocated, which doubles when it is full. One lock per
// vCPU protects its array and the entries in it.
import type { Machine } from '../machine/machine.js';
import { type Address, NULL, WORD_BYTES } from '../machine/memory.js';
import { irDataIn } from './parts/ir-data.js';
import { irqfdsIn } from './parts/irqfd.js';
import { loadAndPut } from './parts/load-and-put.js';
import { OPAQUE_TAGS, opaqueSvmIn } from './parts/opaque-svm.js';
import { idLimits } from './parts/tag-encoding.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** Irqs of a vCPU that need no array of their own. */
export const INLINE_IRQS = 4;

/**
 * A vCPU's array: `irCapacity` ir_data pointers, which an update reads, and then the irq of each. `irs` points to it; it is
 * `inlineIrqs` at first.
 */
export const VCPU_POINTERS = {
  irListLock: 'u32',
  irCount: 'u32',
  irCapacity: 'u32',
  irs: 'pointer',
  inlineIrqs: `pointer[${2 * INLINE_IRQS}]`,
} as const;

/** An irq on SVM's side: its ir_data, the vCPU that owns it, and its index in that vCPU's array. */
export const IRQFD = { irData: 'pointer', vcpu: 'pointer', index: 'u32' } as const;

function create(machine: Machine): Hypervisor {
  const { memory } = machine;
  const { pointerBytes } = machine.host;
  const pointerWords = pointerBytes / WORD_BYTES;
  const svm = opaqueSvmIn(machine, VCPU_POINTERS);
  const at = svm.vcpu;

  // The IOMMU driver: SVM hands it the ir_data, so it looks nothing up.
  const irData = irDataIn(machine, {});

  // SVM.
  const irqfds = irqfdsIn(machine, irData, IRQFD);
  const irqfd = irqfds.at;
  const lock = (vcpu: Address): void => memory.lock(vcpu + at.irListLock);
  const unlock = (vcpu: Address): void => memory.unlock(vcpu + at.irListLock);
  const bytesOf = (capacity: number): number => 2 * capacity * pointerBytes;

  function updateAll(vcpu: Address, cpu: number, isRun: boolean): void {
    const base = svm.backingPageOf(vcpu);
    const irs = memory.load(vcpu + at.irs);
    const end = irs + memory.load(vcpu + at.irCount) * pointerWords;
    for (let slot = irs; slot < end; slot += pointerWords)
      irData.updateEntry(memory.load(slot), cpu, base, isRun);
  }

  function place(vcpu: Address, index: number, irq: Address): void {
    const slot = memory.load(vcpu + at.irs) + index * pointerWords;
    memory.store(slot, irqfds.irDataOf(irq));
    memory.store(slot + memory.load(vcpu + at.irCapacity) * pointerWords, irq);
    memory.store(irq + irqfd.index, index);
  }

  /** Moves a vCPU's irqs to a larger array. @returns The array before. */
  function grow(vcpu: Address, larger: Address): Address {
    const capacity = memory.load(vcpu + at.irCapacity);
    const old = memory.load(vcpu + at.irs);
    memory.store(vcpu + at.irs, larger);
    memory.store(vcpu + at.irCapacity, 2 * capacity);
    for (let index = 0; index < capacity; index++) {
      place(vcpu, index, memory.load(old + (capacity + index) * pointerWords));
    }
    return old;
  }

  /** Locks a vCPU's array when it has room for one more irq. It allocates before it takes the lock. */
  function lockWithRoom(vcpu: Address): void {
    for (;;) {
      const capacity = memory.readOnce(vcpu + at.irCapacity);
      const isFull = memory.readOnce(vcpu + at.irCount) === capacity;
      const larger = isFull ? machine.kmalloc(bytesOf(2 * capacity), 'array of irqs') : NULL;
      lock(vcpu);
      // Another route may have filled the array, or replaced it.
      const isAsBefore = memory.load(vcpu + at.irCapacity) === capacity;
      const hasRoom = memory.load(vcpu + at.irCount) < memory.load(vcpu + at.irCapacity);
      if (!hasRoom && isAsBefore && larger !== NULL) {
        freeArray(vcpu, grow(vcpu, larger), capacity);
        return;
      }
      if (larger !== NULL) machine.kfree(larger, bytesOf(2 * capacity));
      if (hasRoom) return;
      unlock(vcpu);
    }
  }

  function freeArray(vcpu: Address, irs: Address, capacity: number): void {
    if (irs !== vcpu + at.inlineIrqs) machine.kfree(irs, bytesOf(capacity));
  }

  /** Takes an irq out of its vCPU's array. The last irq takes its place. */
  function remove(vcpu: Address, irq: Address): void {
    const last = memory.load(vcpu + at.irCount) - 1;
    const lastSlot = memory.load(vcpu + at.irs) + (memory.load(vcpu + at.irCapacity) + last) * pointerWords;
    place(vcpu, memory.load(irq + irqfd.index), memory.load(lastSlot));
    memory.store(vcpu + at.irCount, last);
    memory.store(irq + irqfd.vcpu, NULL);
  }

  return {
    createVm(number, firstVcpu, count, firstVcpuId) {
      const vm = svm.createVm(number, firstVcpu, count, firstVcpuId);
      for (let index = 0; index < count; index++) {
        const vcpu = svm.vcpuAt(vm, index);
        memory.store(vcpu + at.irs, vcpu + at.inlineIrqs);
        memory.store(vcpu + at.irCapacity, INLINE_IRQS);
      }
      return vm;
    },
    vcpuAt: svm.vcpuAt,
    destroyVm(vm) {
      const count = memory.load(vm + svm.kvm.vcpuCount);
      for (let index = 0; index < count; index++) {
        const vcpu = svm.vcpuAt(vm, index);
        freeArray(vcpu, memory.load(vcpu + at.irs), memory.load(vcpu + at.irCapacity));
      }
      svm.destroyVm(vm);
    },
    allocIrq: irqfds.alloc,
    freeIrq: irqfds.free,
    route(irq, vcpu, vector) {
      const previous = memory.load(irq + irqfd.vcpu);
      if (previous === vcpu) lock(vcpu);
      else {
        if (previous !== NULL) {
          lock(previous);
          remove(previous, irq);
          unlock(previous);
        }
        lockWithRoom(vcpu);
        const index = memory.load(vcpu + at.irCount);
        place(vcpu, index, irq);
        memory.store(vcpu + at.irCount, index + 1);
        memory.store(irq + irqfd.vcpu, vcpu);
      }
      const tag = svm.gaTagOf(vcpu);
      const data = irqfds.irDataOf(irq);
      irData.setGuestMode(data, tag, svm.backingPageOf(vcpu), vector, svm.cpuOf(vcpu), true);
      unlock(vcpu);
    },
    unroute(irq) {
      const vcpu = memory.load(irq + irqfd.vcpu);
      lock(vcpu);
      remove(vcpu, irq);
      irData.setRemapMode(irqfds.irDataOf(irq));
      unlock(vcpu);
    },
    ...loadAndPut({ lock, unlock }, svm, updateAll),
    wake: svm.wake,
  };
}

const strategy: Strategy = {
  id: 'pointer-array',
  title: 'Per-vCPU array of ir_data pointers',
  summary:
    'As ir-data-pointer, but a vCPU has its ir_data pointers in an array. An update needs no node, and the next entry ' +
    'does not wait for the one before. A delete moves the last irq into the gap.',
  source: 'The reviewer: the look-up is avoidable altogether, because SVM can keep the ir_data pointer.',
  gaLog: 'always',
  limits: idLimits(OPAQUE_TAGS),
  notes: [
    'Four irqs fit into the vCPU. A fifth allocates an array; the array never shrinks, and goes with its VM.',
    'A larger array is allocated before the lock is taken, and freed under it.',
  ],
  touches: [
    'struct vcpu_svm: array of ir_data pointers, the first four inline, and its lock',
    'struct kvm_kernel_irqfd: owner, index in the array and ir_data pointer',
    'amd_ir_set_vcpu_affinity(): returns ir_data to SVM',
    'avic_pi_update_irte(): adds at the end, lets the array grow, and moves the last irq into a gap',
    'avic_vcpu_load(), avic_vcpu_put(): walk the array',
    'amd_iommu_update_ga(): gets ir_data, and looks nothing up',
    'svm_vcpu_free(): frees the array',
  ],
  create,
};

export default strategy;
