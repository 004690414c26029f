// A lower bound, not a design: each vCPU has the addresses of its live IRTEs in one contiguous array, and an update
// touches nothing else. It has no ir_data, no shadow entry and no lock, so its operations must run one at a time. A
// tag is the vCPU's number in the stream plus one.
import {
  GA_LOG_INTR,
  GUEST_MODE,
  IS_RUN,
  remapWord0,
  VALID,
  withDestinationHi,
  withDestinationLo,
  withRootHi,
  withRootLo,
} from '../machine/irte.js';
import { layoutOf } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { type Address, NULL, WORD_BYTES } from '../machine/memory.js';
import { NO_CPU } from './parts/entry.js';
import { vmsIn } from './parts/vm.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** A vCPU's arrays: an update reads `irtes`, and `irqs` has the irq at the same index. */
export const VCPU_ARRAYS = {
  gaTag: 'u32',
  irteCount: 'u32',
  capacity: 'u32',
  irtes: 'pointer',
  irqs: 'pointer',
} as const;

/** An irq: its entry, the vCPU that it is routed to, and its index in that vCPU's arrays. */
export const IRQ = { irte: 'pointer', cfg: 'pointer', vcpu: 'pointer', index: 'u32' } as const;

/** Size of a vCPU's first arrays: one cache line of 8-byte addresses. */
export const FIRST_CAPACITY = 8;

/** The host's array of vCPUs by tag, for wakeups. */
export const DIRECTORY = { vms: 'u32', capacity: 'u32', vcpus: 'pointer' } as const;

function create(machine: Machine): Hypervisor {
  const { memory } = machine;
  const { pointerBytes } = machine.host;
  const pointerWords = pointerBytes / WORD_BYTES;
  const vms = vmsIn(machine, VCPU_ARRAYS);
  const vcpuAt = vms.vcpu;
  const irqLayout = layoutOf('irq', IRQ, pointerBytes);
  const irqAt = irqLayout.at;
  const irqCache = machine.kmemCache(irqLayout.bytes, irqLayout.name);
  const directoryLayout = layoutOf('directory', DIRECTORY, pointerBytes);
  const directory = machine.bootAlloc(directoryLayout.bytes, 'vcpu_directory');
  const directoryAt = directoryLayout.at;
  const vcpuSlot = (tag: number): Address =>
    memory.load(directory + directoryAt.vcpus) + (tag - 1) * pointerWords;

  function write(irte: Address, word0: number, word1: number, word2: number, word3: number): void {
    machine.updateIrte(machine.irqTableOf(irte), irte, word0, word1, word2, word3);
  }

  function setRemapMode(irq: Address): void {
    const cfg = memory.load(irq + irqAt.cfg);
    write(memory.load(irq + irqAt.irte), remapWord0(memory.load(cfg)), 0, memory.load(cfg + 1), 0);
  }

  /** Replaces the array behind a pointer by a larger one. */
  function resize(pointer: Address, from: number, to: number): void {
    const old = memory.load(pointer);
    const grown = machine.kmalloc(to * pointerBytes, 'array');
    for (let word = 0; word < from * pointerWords; word++) {
      memory.store(grown + word, memory.load(old + word));
    }
    if (old !== NULL) machine.kfree(old, from * pointerBytes);
    memory.store(pointer, grown);
  }

  /** Makes room in the directory for this number of vCPUs. */
  function addVm(vcpus: number): void {
    memory.store(directory + directoryAt.vms, memory.load(directory + directoryAt.vms) + 1);
    const capacity = memory.load(directory + directoryAt.capacity);
    if (vcpus <= capacity) return;
    const larger = Math.max(vcpus, capacity * 2);
    resize(directory + directoryAt.vcpus, capacity, larger);
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

  function place(vcpu: Address, index: number, irq: Address): void {
    memory.store(memory.load(vcpu + vcpuAt.irtes) + index * pointerWords, memory.load(irq + irqAt.irte));
    memory.store(memory.load(vcpu + vcpuAt.irqs) + index * pointerWords, irq);
    memory.store(irq + irqAt.vcpu, vcpu);
    memory.store(irq + irqAt.index, index);
  }

  function append(vcpu: Address, irq: Address): void {
    const index = memory.load(vcpu + vcpuAt.irteCount);
    const capacity = memory.load(vcpu + vcpuAt.capacity);
    if (index === capacity) {
      const larger = Math.max(FIRST_CAPACITY, capacity * 2);
      resize(vcpu + vcpuAt.irtes, capacity, larger);
      resize(vcpu + vcpuAt.irqs, capacity, larger);
      memory.store(vcpu + vcpuAt.capacity, larger);
    }
    place(vcpu, index, irq);
    memory.store(vcpu + vcpuAt.irteCount, index + 1);
  }

  /** Removes an irq; the last irq of the vCPU moves to its index. */
  function swapRemove(vcpu: Address, irq: Address): void {
    const last = memory.load(vcpu + vcpuAt.irteCount) - 1;
    const moved = memory.load(memory.load(vcpu + vcpuAt.irqs) + last * pointerWords);
    place(vcpu, memory.load(irq + irqAt.index), moved);
    memory.store(vcpu + vcpuAt.irteCount, last);
    memory.store(irq + irqAt.vcpu, NULL);
  }

  /** Writes the run state of a vCPU to its entries. NO_CPU keeps the destination. */
  function updateAll(vcpu: Address, cpu: number): void {
    const irtes = memory.load(vcpu + vcpuAt.irtes);
    const end = irtes + memory.load(vcpu + vcpuAt.irteCount) * pointerWords;
    for (let slot = irtes; slot < end; slot += pointerWords) {
      const irte = memory.load(slot);
      const word0 = memory.load(irte);
      const word3 = memory.load(irte + 3);
      write(
        irte,
        cpu === NO_CPU ? word0 & ~IS_RUN : withDestinationLo(word0 | IS_RUN, cpu),
        memory.load(irte + 1),
        memory.load(irte + 2),
        cpu === NO_CPU ? word3 : withDestinationHi(word3, cpu),
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
        memory.store(vcpu + vcpuAt.gaTag, tag);
        memory.store(vcpuSlot(tag), vcpu);
      }
      return vm;
    },
    vcpuAt: vms.vcpuAt,
    destroyVm(vm) {
      const count = memory.load(vm + vms.kvm.vcpuCount);
      for (let index = 0; index < count; index++) {
        const vcpu = vms.vcpuAt(vm, index);
        memory.store(vcpuSlot(memory.load(vcpu + vcpuAt.gaTag)), NULL);
        const capacity = memory.load(vcpu + vcpuAt.capacity);
        if (capacity === 0) continue;
        machine.kfree(memory.load(vcpu + vcpuAt.irtes), capacity * pointerBytes);
        machine.kfree(memory.load(vcpu + vcpuAt.irqs), capacity * pointerBytes);
      }
      vms.destroy(vm);
      removeVm();
    },
    allocIrq(number, devid) {
      const irq = irqCache.alloc();
      memory.store(irq + irqAt.irte, machine.irteAt(devid, machine.freeIrteIndex(devid)));
      memory.store(irq + irqAt.cfg, machine.createIrqCfg(number));
      setRemapMode(irq);
      return irq;
    },
    freeIrq(irq) {
      write(memory.load(irq + irqAt.irte), 0, 0, 0, 0);
      machine.freeIrqCfg(memory.load(irq + irqAt.cfg));
      irqCache.free(irq);
    },
    route(irq, vcpu, vector) {
      const previous = memory.load(irq + irqAt.vcpu);
      if (previous !== vcpu) {
        if (previous !== NULL) swapRemove(previous, irq);
        append(vcpu, irq);
      }
      const cpu = vms.cpuOf(vcpu);
      const isRun = cpu !== NO_CPU;
      const destination = isRun ? cpu : 0;
      const page = vms.backingPageOf(vcpu);
      write(
        memory.load(irq + irqAt.irte),
        withDestinationLo(VALID | GUEST_MODE | GA_LOG_INTR | (isRun ? IS_RUN : 0), destination),
        memory.load(vcpu + vcpuAt.gaTag),
        withRootLo(vector, page),
        withRootHi(withDestinationHi(0, destination), page),
      );
    },
    unroute(irq) {
      swapRemove(memory.load(irq + irqAt.vcpu), irq);
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
  title: 'Lower bound: contiguous array of IRTE addresses',
  summary:
    'Not a design: each vCPU has the addresses of its live entries in one array, so an update does the writes and ' +
    'nothing else. A design takes longer because of its look-up, ir_data, shadow entries and locks.',
  source: 'None. It bounds what any design can gain.',
  gaLog: 'always',
  limits: [{ kind: 'no-locks' }],
  notes: [
    'It reads and writes the live entry instead of a shadow entry, takes no lock of its own, and computes the table ' +
      "of an entry from the entry's address.",
  ],
  create,
};

export default strategy;
