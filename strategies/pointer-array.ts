// ir-data-pointer with an array for each vCPU instead of a list. An update reads the ir_data pointers from consecutive words, and
// no object of SVM's own. The first four lie in the vCPU; then an array is allocated, which doubles when it is full. One lock per
// vCPU protects its array and the entries in it.
import type { Machine } from '../machine/machine.js';
import { type Address, NULL, WORD_BYTES } from '../machine/memory.js';
import { irDataIn } from './parts/ir-data.js';
import { irqObjectsIn } from './parts/irq-object.js';
import { loadAndPut } from './parts/load-and-put.js';
import { lockedSlotArraysIn } from './parts/locked-slot-array.js';
import { OPAQUE_TAGS, opaqueSvmIn } from './parts/opaque-svm.js';
import { SLOT_ARRAY } from './parts/slot-array.js';
import { idLimits } from './parts/tag-encoding.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** Irqs of a vCPU that need no array of their own. */
export const INLINE_IRQS = 4;

/** A vCPU's array: a slot is an ir_data pointer, and its object is the irq. */
export const VCPU_POINTERS = {
  irListLock: 'u32',
  ...SLOT_ARRAY,
  inlineSlots: `pointer[${2 * INLINE_IRQS}]`,
} as const;

/** An irq on SVM's side: its ir_data, the vCPU that owns it, and its index in that vCPU's array. */
export const SVM_IRQ_INDEXED = { irData: 'pointer', vcpu: 'pointer', index: 'u32' } as const;

function create(machine: Machine): Hypervisor {
  const { memory } = machine;
  const pointerWords = machine.host.pointerBytes / WORD_BYTES;
  const svm = opaqueSvmIn(machine, VCPU_POINTERS);

  // The IOMMU driver: SVM hands it the ir_data, so it looks nothing up.
  const irData = irDataIn(machine, {});

  // SVM.
  const irqs = irqObjectsIn(machine, 'svm_irq', irData, SVM_IRQ_INDEXED);
  const { at } = irqs;
  const arrays = lockedSlotArraysIn(machine, 'array of ir_data', svm.vcpu, pointerWords, INLINE_IRQS);
  const lockOf = (vcpu: Address): Address => vcpu + svm.vcpu.irListLock;
  const lock = (vcpu: Address): void => memory.lock(lockOf(vcpu));
  const unlock = (vcpu: Address): void => memory.unlock(lockOf(vcpu));

  function updateAll(vcpu: Address, cpu: number): void {
    const base = svm.backingPageOf(vcpu);
    const end = arrays.end(vcpu);
    for (let slot = arrays.slotAt(vcpu, 0); slot < end; slot += pointerWords) {
      irData.updateEntry(memory.load(slot), cpu, base);
    }
  }

  function add(vcpu: Address, irq: Address): void {
    const index = arrays.append(vcpu, irq);
    memory.store(arrays.slotAt(vcpu, index), irqs.irDataOf(irq));
    memory.store(irq + at.index, index);
    memory.store(irq + at.vcpu, vcpu);
  }

  function remove(vcpu: Address, irq: Address): void {
    const index = memory.load(irq + at.index);
    memory.store(arrays.remove(vcpu, index) + at.index, index);
    memory.store(irq + at.vcpu, NULL);
  }

  return {
    createVm(number, firstVcpu, count, firstVcpuId) {
      const vm = svm.createVm(number, firstVcpu, count, firstVcpuId);
      for (let index = 0; index < count; index++) arrays.init(svm.vcpuAt(vm, index));
      return vm;
    },
    vcpuAt: svm.vcpuAt,
    destroyVm(vm) {
      const count = memory.load(vm + svm.kvm.vcpuCount);
      for (let index = 0; index < count; index++) arrays.free(svm.vcpuAt(vm, index));
      svm.destroyVm(vm);
    },
    allocIrq: irqs.alloc,
    freeIrq: irqs.free,
    route(irq, vcpu, vector) {
      const previous = memory.load(irq + at.vcpu);
      if (previous === vcpu) lock(vcpu);
      else {
        if (previous !== NULL) {
          lock(previous);
          remove(previous, irq);
          unlock(previous);
        }
        arrays.lockWithRoom(vcpu, lockOf(vcpu));
        add(vcpu, irq);
      }
      const data = irqs.irDataOf(irq);
      irData.setGuestMode(data, svm.gaTagOf(vcpu), svm.backingPageOf(vcpu), vector, svm.cpuOf(vcpu), true);
      unlock(vcpu);
    },
    unroute(irq) {
      const vcpu = memory.load(irq + at.vcpu);
      lock(vcpu);
      remove(vcpu, irq);
      irData.setRemapMode(irqs.irDataOf(irq));
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
