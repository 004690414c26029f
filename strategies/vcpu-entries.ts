// The IOMMU driver has one context for each vCPU, which SVM passes back without a look inside: an array of the vCPU's entries,
// each with its table, its live entry and its shadow. A load or put is one call, and touches no object of an irq. The context's
// lock protects the array, the entries in it, and the CPU that they name. An irq finds its slot by an index in its ir_data.
import { IRTE_WORDS, remapWord0, withRootHi, withRootLo } from '../machine/irte.js';
import { layoutOf } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { type Address, alignToLine, NULL, WORD_BYTES } from '../machine/memory.js';
import { guestWord0, guestWord3, NO_CPU, runWord0, runWord3 } from './parts/entry.js';
import { lockedSlotArraysIn } from './parts/locked-slot-array.js';
import { OPAQUE_TAGS, opaqueSvmIn } from './parts/opaque-svm.js';
import { SLOT_ARRAY } from './parts/slot-array.js';
import { idLimits } from './parts/tag-encoding.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** A slot: an entry of the vCPU. */
export const VCPU_ENTRY = { table: 'pointer', irte: 'pointer', shadow: IRTE_WORDS } as const;

/** Entries of a vCPU that lie in its context. */
export const INLINE_ENTRIES = 2;

/** A vCPU's context: two cache lines, the first entry on the first line. `cpu` is its CPU, or NO_CPU. */
export const VCPU_ENTRIES = {
  lock: 'u32',
  cpu: 'u32',
  ...SLOT_ARRAY,
  restOfHalfLine: 2,
  inlineSlots: 20,
} as const;

/** amd_ir_data with the context and the slot of its entry in the places of the shadow entry and of padding. */
export const IR_DATA_OF_SLOT = {
  iommu: 'pointer',
  irq2Irte: 'u32',
  msiEntry: 3,
  context: 'pointer',
  cfg: 'pointer',
  gaVector: 'u32',
  slot: 'u32',
  gaRootPtr: 'u64',
  gaTag: 'u32',
} as const;

/** A vCPU's field for the driver's context. */
export const VCPU_CONTEXT = { iommuContext: 'pointer' } as const;

function create(machine: Machine): Hypervisor {
  const { memory } = machine;
  const { pointerBytes } = machine.host;

  // The IOMMU driver.
  const { at, ...irData } = layoutOf('amd_ir_data', IR_DATA_OF_SLOT, pointerBytes);
  const { at: ofContext, ...context } = layoutOf('vcpu_entries', VCPU_ENTRIES, pointerBytes);
  const { at: ofSlot, bytes: slotBytes } = layoutOf('vcpu_entry', VCPU_ENTRY, pointerBytes);
  const slotWords = slotBytes / WORD_BYTES;
  const irDataCache = machine.kmemCache(irData.bytes, irData.name);
  const contextCache = machine.kmemCache(alignToLine(context.bytes), context.name);
  const arrays = lockedSlotArraysIn(machine, 'array of entries', ofContext, slotWords, INLINE_ENTRIES);
  const lockOf = (of: Address): Address => of + ofContext.lock;
  const devidOf = (data: Address): number => memory.load(data + at.irq2Irte) & 0xffff;
  const tableOf = (data: Address): Address => machine.irqTable(memory.load(data + at.iommu), devidOf(data));
  const irteOf = (data: Address, table: Address): Address =>
    machine.irteAt(table, memory.load(data + at.irq2Irte) >>> 16);

  function setRemapEntry(data: Address): void {
    const table = tableOf(data);
    const cfg = memory.load(data + at.cfg);
    machine.modifyIrte(table, irteOf(data, table), remapWord0(memory.load(cfg)), 0, memory.load(cfg + 1), 0);
  }

  function addEntry(of: Address, data: Address): void {
    const index = arrays.append(of, data);
    const slot = arrays.slotAt(of, index);
    const table = tableOf(data);
    memory.store(slot + ofSlot.table, table);
    memory.store(slot + ofSlot.irte, irteOf(data, table));
    memory.store(data + at.context, of);
    memory.store(data + at.slot, index);
  }

  function removeEntry(of: Address, data: Address): void {
    const index = memory.load(data + at.slot);
    memory.store(arrays.remove(of, index) + at.slot, index);
    memory.store(data + at.context, NULL);
  }

  /** Locks a context when an irq's entry is in it. */
  function moveAndLock(data: Address, to: Address): void {
    const from = memory.load(data + at.context);
    if (from === to) {
      memory.lock(lockOf(to));
      return;
    }
    if (from !== NULL) {
      memory.lock(lockOf(from));
      removeEntry(from, data);
      memory.unlock(lockOf(from));
    }
    arrays.lockWithRoom(to, lockOf(to));
    addEntry(to, data);
  }

  function setGuestMode(data: Address, of: Address, tag: number, base: number, vector: number): void {
    moveAndLock(data, of);
    machine.searchDevData(memory.load(data + at.iommu), devidOf(data));
    memory.store(data + at.gaTag, tag);
    memory.store(data + at.gaRootPtr, base);
    memory.store(data + at.gaVector, vector);
    const slot = arrays.slotAt(of, memory.load(data + at.slot));
    const shadow = slot + ofSlot.shadow;
    const cpu = memory.load(of + ofContext.cpu);
    const [word0, word2, word3] = [guestWord0(cpu, true), withRootLo(vector, base), guestWord3(cpu, base)];
    memory.store(shadow, word0);
    memory.store(shadow + 1, tag);
    memory.store(shadow + 2, word2);
    memory.store(shadow + 3, word3);
    const table = memory.load(slot + ofSlot.table);
    machine.modifyIrte(table, memory.load(slot + ofSlot.irte), word0, tag, word2, word3);
    memory.unlock(lockOf(of));
  }

  function setRemapMode(data: Address): void {
    const of = memory.load(data + at.context);
    memory.lock(lockOf(of));
    removeEntry(of, data);
    machine.searchDevData(memory.load(data + at.iommu), devidOf(data));
    memory.store(data + at.gaTag, 0);
    setRemapEntry(data);
    memory.unlock(lockOf(of));
  }

  /** Updates all entries of a vCPU: root pointer, is_run, and the destination unless `cpu` is NO_CPU. */
  function updateEntries(of: Address, cpu: number, base: number): void {
    memory.lock(lockOf(of));
    memory.store(of + ofContext.cpu, cpu);
    const end = arrays.end(of);
    for (let slot = arrays.slotAt(of, 0); slot < end; slot += slotWords) {
      const shadow = slot + ofSlot.shadow;
      memory.store(shadow, runWord0(memory.load(shadow), cpu));
      memory.store(shadow + 2, withRootLo(memory.load(shadow + 2), base));
      memory.store(shadow + 3, withRootHi(runWord3(memory.load(shadow + 3), cpu), base));
      machine.updateIrte(
        memory.load(slot + ofSlot.table),
        memory.load(slot + ofSlot.irte),
        memory.load(shadow),
        memory.load(shadow + 1),
        memory.load(shadow + 2),
        memory.load(shadow + 3),
      );
    }
    memory.unlock(lockOf(of));
  }

  // SVM.
  const svm = opaqueSvmIn(machine, VCPU_CONTEXT);
  const contextOf = (vcpu: Address): Address => memory.load(vcpu + svm.vcpu.iommuContext);

  return {
    createVm(number, firstVcpu, count, firstVcpuId) {
      const vm = svm.createVm(number, firstVcpu, count, firstVcpuId);
      for (let index = 0; index < count; index++) {
        const of = contextCache.alloc();
        memory.store(of + ofContext.cpu, NO_CPU);
        arrays.init(of);
        memory.store(svm.vcpuAt(vm, index) + svm.vcpu.iommuContext, of);
      }
      return vm;
    },
    vcpuAt: svm.vcpuAt,
    destroyVm(vm) {
      const count = memory.load(vm + svm.kvm.vcpuCount);
      for (let index = 0; index < count; index++) {
        const of = contextOf(svm.vcpuAt(vm, index));
        arrays.free(of);
        contextCache.free(of);
      }
      svm.destroyVm(vm);
    },
    allocIrq(number, devid) {
      const iommu = machine.iommuOf(devid);
      const index = machine.freeIrteIndex(machine.irqTable(iommu, devid));
      const data = irDataCache.alloc();
      memory.store(data + at.iommu, iommu);
      memory.store(data + at.irq2Irte, (index << 16) | devid);
      memory.store(data + at.cfg, machine.createIrqCfg(number));
      setRemapEntry(data);
      return data;
    },
    freeIrq(data) {
      const table = tableOf(data);
      machine.modifyIrte(table, irteOf(data, table), 0, 0, 0, 0);
      machine.freeIrqCfg(memory.load(data + at.cfg));
      irDataCache.free(data);
    },
    route(irq, vcpu, vector) {
      setGuestMode(irq, contextOf(vcpu), svm.gaTagOf(vcpu), svm.backingPageOf(vcpu), vector);
    },
    unroute: setRemapMode,
    load(vcpu, cpu) {
      svm.enter(vcpu, cpu);
      updateEntries(contextOf(vcpu), cpu, svm.backingPageOf(vcpu));
    },
    put(vcpu, blocking) {
      updateEntries(contextOf(vcpu), NO_CPU, svm.backingPageOf(vcpu));
      svm.leave(vcpu, blocking);
    },
    wake: svm.wake,
  };
}

const strategy: Strategy = {
  id: 'vcpu-entries',
  title: "Per-vCPU array of entries, the IOMMU driver's own",
  summary:
    'The IOMMU driver has a context for each vCPU with an array of its entries: table, live entry and shadow. SVM passes ' +
    'the context to one call for each load or put, which reads no object of an irq.',
  source:
    'The reviewer: map the ga_tag into irte/ir_data directly. Here the vCPU itself is mapped to its entries.',
  gaLog: 'always',
  limits: idLimits(OPAQUE_TAGS),
  notes: [
    'Two entries fit into the context. A third allocates an array; the array never shrinks, and goes with its vCPU.',
    'The shadow entry exists only while an irq is routed. The remap entry is made anew from the irq_cfg.',
  ],
  touches: [
    'drivers/iommu/amd/iommu.c: a context for each vCPU with its array of entries, and calls to make and free one',
    'struct amd_ir_data: the context and the slot instead of the shadow entry',
    'struct amd_iommu_pi_data: carries the context',
    'amd_ir_set_vcpu_affinity(): adds the entry to the context, and removes it',
    'amd_iommu_update_ga(): gets the context, and updates all entries in it',
    'struct vcpu_svm: the context instead of list head and lock',
    'avic_vcpu_load(), avic_vcpu_put(): one call each',
    'avic_pi_update_irte(): passes the context, and keeps no list',
  ],
  create,
};

export default strategy;
