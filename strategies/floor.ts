// A lower bound, not a design: each vCPU has its live IRTEs and their tables in one contiguous array, and an update touches
// nothing else. It has no ir_data, no shadow entry and no lock of its own, so its operations must run one at a time. A tag is
// the vCPU's number in the stream plus one.
import { remapWord0, withRootLo } from '../machine/irte.js';
import { layoutOf } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { type Address, NULL, WORD_BYTES } from '../machine/memory.js';
import { guestWord0, guestWord3, NO_CPU, runWord0, runWord3 } from './parts/entry.js';
import { SLOT_ARRAY, slotArraysIn } from './parts/slot-array.js';
import { GA_TAG, vmsIn } from './parts/vm.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** A slot of a vCPU's array. Its object is the irq. */
export const ENTRY = { table: 'pointer', irte: 'pointer' } as const;

/** Entries of a vCPU that lie in it. */
export const INLINE_SLOTS = 2;

/** A vCPU's array: {@link INLINE_SLOTS} of two pointers each, and their back pointers. */
export const VCPU_ARRAY = { ...GA_TAG, ...SLOT_ARRAY, inlineSlots: `pointer[${3 * INLINE_SLOTS}]` } as const;

/** An irq: its table and its entry, the vCPU that it is routed to, and its index in that vCPU's array. */
export const IRQ = {
  table: 'pointer',
  irte: 'pointer',
  cfg: 'pointer',
  vcpu: 'pointer',
  index: 'u32',
} as const;

/** The host's array of vCPUs by tag, for wakeups. */
export const DIRECTORY = { vms: 'u32', capacity: 'u32', vcpus: 'pointer' } as const;

function create(machine: Machine): Hypervisor {
  const { memory } = machine;
  const { pointerBytes } = machine.host;
  const pointerWords = pointerBytes / WORD_BYTES;
  const vms = vmsIn(machine, VCPU_ARRAY);
  const { gaTag } = vms.vcpu;
  const { at: irqAt, bytes: irqBytes, name: irqName } = layoutOf('irq', IRQ, pointerBytes);
  const irqCache = machine.kmemCache(irqBytes, irqName);
  const { at: slotAt, bytes: slotBytes } = layoutOf('entry', ENTRY, pointerBytes);
  const slotWords = slotBytes / WORD_BYTES;
  const arrays = slotArraysIn(machine, 'array of entries', vms.vcpu, slotWords, INLINE_SLOTS);
  const directoryLayout = layoutOf('directory', DIRECTORY, pointerBytes);
  const directory = machine.bootAlloc(directoryLayout.bytes, 'vcpu_directory');
  const directoryAt = directoryLayout.at;
  const vcpuSlot = (tag: number): Address =>
    memory.load(directory + directoryAt.vcpus) + (tag - 1) * pointerWords;

  function modify(irq: Address, word0: number, word1: number, word2: number, word3: number): void {
    const irte = memory.load(irq + irqAt.irte);
    machine.modifyIrte(memory.load(irq + irqAt.table), irte, word0, word1, word2, word3);
  }

  function setRemapMode(irq: Address): void {
    const cfg = memory.load(irq + irqAt.cfg);
    modify(irq, remapWord0(memory.load(cfg)), 0, memory.load(cfg + 1), 0);
  }

  /** Makes room in the directory for this number of vCPUs. */
  function addVm(vcpus: number): void {
    memory.store(directory + directoryAt.vms, memory.load(directory + directoryAt.vms) + 1);
    const capacity = memory.load(directory + directoryAt.capacity);
    if (vcpus <= capacity) return;
    const larger = Math.max(vcpus, capacity * 2);
    const old = memory.load(directory + directoryAt.vcpus);
    const grown = machine.kmalloc(larger * pointerBytes, 'array of vcpus');
    for (let word = 0; word < capacity * pointerWords; word++) {
      memory.store(grown + word, memory.load(old + word));
    }
    if (old !== NULL) machine.kfree(old, capacity * pointerBytes);
    memory.store(directory + directoryAt.vcpus, grown);
    memory.store(directory + directoryAt.capacity, larger);
  }

  /** Frees the directory together with the last VM. */
  function removeVm(): void {
    const vms = memory.load(directory + directoryAt.vms) - 1;
    memory.store(directory + directoryAt.vms, vms);
    if (vms > 0) return;
    const capacity = memory.load(directory + directoryAt.capacity);
    machine.kfree(memory.load(directory + directoryAt.vcpus), capacity * pointerBytes);
    memory.store(directory + directoryAt.vcpus, NULL);
    memory.store(directory + directoryAt.capacity, 0);
  }

  function add(vcpu: Address, irq: Address): void {
    arrays.makeRoom(vcpu);
    const index = arrays.append(vcpu, irq);
    const slot = arrays.slotAt(vcpu, index);
    memory.store(slot + slotAt.table, memory.load(irq + irqAt.table));
    memory.store(slot + slotAt.irte, memory.load(irq + irqAt.irte));
    memory.store(irq + irqAt.vcpu, vcpu);
    memory.store(irq + irqAt.index, index);
  }

  function remove(vcpu: Address, irq: Address): void {
    const index = memory.load(irq + irqAt.index);
    memory.store(arrays.remove(vcpu, index) + irqAt.index, index);
    memory.store(irq + irqAt.vcpu, NULL);
  }

  /** Writes the run state of a vCPU to its entries. NO_CPU keeps the destination. */
  function updateAll(vcpu: Address, cpu: number): void {
    const end = arrays.end(vcpu);
    for (let slot = arrays.slotAt(vcpu, 0); slot < end; slot += slotWords) {
      const irte = memory.load(slot + slotAt.irte);
      machine.updateIrte(
        memory.load(slot + slotAt.table),
        irte,
        runWord0(memory.load(irte), cpu),
        memory.load(irte + 1),
        memory.load(irte + 2),
        runWord3(memory.load(irte + 3), cpu),
      );
    }
  }

  return {
    createVm(_vm, firstVcpu, count, firstVcpuId) {
      addVm(firstVcpu + count);
      const vm = vms.create(0, firstVcpu, count, firstVcpuId);
      for (let index = 0; index < count; index++) {
        const vcpu = vms.vcpuAt(vm, index);
        const tag = firstVcpu + index + 1;
        arrays.init(vcpu);
        memory.store(vcpu + gaTag, tag);
        memory.store(vcpuSlot(tag), vcpu);
      }
      return vm;
    },
    vcpuAt: vms.vcpuAt,
    destroyVm(vm) {
      const count = memory.load(vm + vms.kvm.vcpuCount);
      for (let index = 0; index < count; index++) {
        const vcpu = vms.vcpuAt(vm, index);
        memory.store(vcpuSlot(memory.load(vcpu + gaTag)), NULL);
        arrays.free(vcpu);
      }
      vms.destroy(vm);
      removeVm();
    },
    allocIrq(number, devid) {
      const table = machine.irqTable(machine.iommuOf(devid), devid);
      const irq = irqCache.alloc();
      memory.store(irq + irqAt.table, table);
      memory.store(irq + irqAt.irte, machine.irteAt(table, machine.freeIrteIndex(table)));
      memory.store(irq + irqAt.cfg, machine.createIrqCfg(number));
      setRemapMode(irq);
      return irq;
    },
    freeIrq(irq) {
      modify(irq, 0, 0, 0, 0);
      machine.freeIrqCfg(memory.load(irq + irqAt.cfg));
      irqCache.free(irq);
    },
    route(irq, vcpu, vector) {
      const previous = memory.load(irq + irqAt.vcpu);
      if (previous !== vcpu) {
        if (previous !== NULL) remove(previous, irq);
        add(vcpu, irq);
      }
      const [cpu, page] = [vms.cpuOf(vcpu), vms.backingPageOf(vcpu)];
      const tag = memory.load(vcpu + gaTag);
      modify(irq, guestWord0(cpu, true), tag, withRootLo(vector, page), guestWord3(cpu, page));
    },
    unroute(irq) {
      remove(memory.load(irq + irqAt.vcpu), irq);
      setRemapMode(irq);
    },
    load(vcpu, cpu) {
      vms.enter(vcpu, cpu);
      updateAll(vcpu, cpu);
    },
    put(vcpu, blocking) {
      vms.leave(vcpu, blocking);
      updateAll(vcpu, NO_CPU);
    },
    wake: (tag) => memory.load(vcpuSlot(tag)),
  };
}

const strategy: Strategy = {
  id: 'floor',
  title: 'Lower bound: contiguous array of entries and tables',
  summary:
    'Not a design: each vCPU has the addresses of its live entries and of their tables in one array, so an update does the ' +
    'writes and nothing else. A design takes longer because of its look-up, ir_data, shadow entries and locks.',
  source: 'None. It bounds what any design can gain.',
  gaLog: 'always',
  limits: [{ kind: 'no-locks' }],
  notes: [
    'It reads and writes the live entry instead of a shadow entry, and takes no lock of its own.',
    'It does not search the device on a route, as the driver does; the flush of a route does.',
  ],
  create,
};

export default strategy;
