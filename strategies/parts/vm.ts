// SVM's structures for a VM and its vCPUs, and the state of a vCPU that every design reads: the CPU that it runs on,
// and whether it blocks. A design adds the fields that it needs in a vCPU, such as a list head and its lock.
import { type Fields, layoutOf } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, alignToLine, NULL, WORD_BYTES } from '../../machine/memory.js';
import { NO_CPU } from './entry.js';

/**
 * A VM. `vmHash` links it into a VM table; `vcpus` points to an array of pointers. `avicPhysicalIdTable` is the table in which the
 * hardware finds the CPUs of vCPUs for guest IPIs, by vcpu_id: 8 bytes a vCPU, in whole pages.
 */
export const KVM = {
  vmHash: 'hlist_node',
  vmId: 'u32',
  vcpuCount: 'u32',
  vcpus: 'pointer',
  avicPhysicalIdTable: 'pointer',
  physicalIdBytes: 'u32',
} as const;

/** An entry of the physical ID table: the host's physical APIC id, the backing page, is_running and valid. */
export const PHYSICAL_ID_WORDS = 2;
export const HOST_PHYSICAL_ID = 0xfff;
export const PHYSICAL_ID_RUNNING = 1 << 30;
export const PHYSICAL_ID_VALID = 1 << 31;
export const PHYSICAL_ID_PAGE_BYTES = 4096;

/**
 * A vCPU. `backingPage` is the frame number of its vAPIC backing page; `cpu` and `isRunning` are the copy of its physical ID
 * entry that the kernel keeps.
 */
export const VCPU = {
  kvm: 'pointer',
  vcpuId: 'u32',
  vcpuIdx: 'u32',
  backingPage: 'u32',
  cpu: 'u32',
  isRunning: 'u32',
  isBlocking: 'u32',
} as const;

/** A vCPU's tag, which a design makes once. */
export const GA_TAG = { gaTag: 'u32' } as const;

/**
 * VMs and vCPUs on a host.
 *
 * @param vcpuFields - Fields that a design adds to a vCPU, behind the common ones. A list_head begins as an empty list.
 */
export function vmsIn<const F extends Fields>(machine: Machine, vcpuFields: F) {
  const { memory, list } = machine;
  const pointerWords = machine.host.pointerBytes / WORD_BYTES;
  const kvmLayout = layoutOf('kvm_svm', KVM, machine.host.pointerBytes);
  const vcpuLayout = layoutOf('vcpu_svm', { ...VCPU, ...vcpuFields }, machine.host.pointerBytes);
  const kvm = kvmLayout.at;
  const vcpu = vcpuLayout.at as unknown as { readonly [K in keyof typeof VCPU]: number };
  const listHeads = Object.keys(vcpuFields)
    .filter((field) => vcpuFields[field] === 'list_head')
    .map((field) => vcpuLayout.at[field] as number);
  // The kernel's vCPU structures come from a cache of their own, aligned to cache lines.
  const vcpuCache = machine.kmemCache(alignToLine(vcpuLayout.bytes), vcpuLayout.name);
  const kvmCache = machine.kmemCache(kvmLayout.bytes, kvmLayout.name);

  const hasIpiVirtualization = machine.host.ipiVirtualization === 'on';

  /** Writes the entry that the hardware reads, at once. */
  function writePhysicalId(address: Address, cpu: number, flags: number): void {
    const table = memory.load(memory.load(address + vcpu.kvm) + kvm.avicPhysicalIdTable);
    const entry = table + memory.load(address + vcpu.vcpuId) * PHYSICAL_ID_WORDS;
    const page = memory.load(address + vcpu.backingPage);
    memory.writeOnce(entry, (page << 12) | (cpu & HOST_PHYSICAL_ID));
    memory.writeOnce(entry + 1, (page >>> 20) | flags);
  }

  const vcpuAt = (vm: Address, index: number): Address =>
    memory.load(memory.load(vm + kvm.vcpus) + index * pointerWords);

  return {
    kvm,
    vcpu: vcpuLayout.at,
    vcpuAt,

    /** Makes a VM with this vm_id; the operation createVm explains the other numbers. */
    create(vmId: number, firstVcpu: number, count: number, firstVcpuId: number): Address {
      const vm = kvmCache.alloc();
      const vcpus = machine.kmalloc(count * machine.host.pointerBytes, 'array of vcpus');
      memory.store(vm + kvm.vmId, vmId);
      memory.store(vm + kvm.vcpuCount, count);
      memory.store(vm + kvm.vcpus, vcpus);
      const pages = Math.ceil(
        ((firstVcpuId + count) * PHYSICAL_ID_WORDS * WORD_BYTES) / PHYSICAL_ID_PAGE_BYTES,
      );
      const physicalIdBytes = pages * PHYSICAL_ID_PAGE_BYTES;
      memory.store(vm + kvm.physicalIdBytes, physicalIdBytes);
      memory.store(vm + kvm.avicPhysicalIdTable, machine.kmalloc(physicalIdBytes, 'physical ID table'));
      for (let index = 0; index < count; index++) {
        const address = vcpuCache.alloc();
        memory.store(address + vcpu.kvm, vm);
        memory.store(address + vcpu.vcpuId, firstVcpuId + index);
        memory.store(address + vcpu.vcpuIdx, index);
        memory.store(address + vcpu.backingPage, machine.backingPage(firstVcpu + index));
        memory.store(vcpus + index * pointerWords, address);
        writePhysicalId(address, 0, PHYSICAL_ID_VALID);
        for (const head of listHeads) list.init(address + head);
      }
      return vm;
    },

    destroy(vm: Address): void {
      const count = memory.load(vm + kvm.vcpuCount);
      for (let index = 0; index < count; index++) vcpuCache.free(vcpuAt(vm, index));
      machine.kfree(memory.load(vm + kvm.vcpus), count * machine.host.pointerBytes);
      machine.kfree(memory.load(vm + kvm.avicPhysicalIdTable), memory.load(vm + kvm.physicalIdBytes));
      kvmCache.free(vm);
    },

    /** The vCPU of a VM with this id; NULL if none. Like kvm_get_vcpu_by_id() it tries the id as an index first. */
    vcpuById(vm: Address, vcpuId: number): Address {
      const count = memory.load(vm + kvm.vcpuCount);
      if (vcpuId < count) {
        const guess = vcpuAt(vm, vcpuId);
        if (memory.load(guess + vcpu.vcpuId) === vcpuId) return guess;
      }
      for (let index = 0; index < count; index++) {
        const candidate = vcpuAt(vm, index);
        if (memory.load(candidate + vcpu.vcpuId) === vcpuId) return candidate;
      }
      return NULL;
    },

    vmIdOf: (address: Address): number => memory.load(memory.load(address + vcpu.kvm) + kvm.vmId),
    kvmOf: (address: Address): Address => memory.load(address + vcpu.kvm),
    vcpuIdOf: (address: Address): number => memory.load(address + vcpu.vcpuId),
    vcpuIdxOf: (address: Address): number => memory.load(address + vcpu.vcpuIdx),
    backingPageOf: (address: Address): number => memory.load(address + vcpu.backingPage),

    // Only the CPU of a vCPU writes where it runs, and not every design has a lock for it. So these are WRITE_ONCE()
    // and READ_ONCE().

    /** Notes that a vCPU runs on a CPU, and tells the hardware. */
    enter(address: Address, cpu: number): void {
      memory.writeOnce(address + vcpu.cpu, cpu);
      memory.writeOnce(address + vcpu.isRunning, 1);
      memory.writeOnce(address + vcpu.isBlocking, 0);
      writePhysicalId(address, cpu, PHYSICAL_ID_VALID | PHYSICAL_ID_RUNNING);
    },

    /** Notes that a vCPU has left its CPU, and tells the hardware where it delivers guest IPIs. */
    leave(address: Address, blocking: boolean): void {
      if (hasIpiVirtualization)
        writePhysicalId(address, memory.readOnce(address + vcpu.cpu), PHYSICAL_ID_VALID);
      memory.writeOnce(address + vcpu.isRunning, 0);
      memory.writeOnce(address + vcpu.isBlocking, blocking ? 1 : 0);
    },

    /** The CPU that a vCPU runs on; NO_CPU if it does not run. */
    cpuOf: (address: Address): number =>
      memory.readOnce(address + vcpu.isRunning) !== 0 ? memory.readOnce(address + vcpu.cpu) : NO_CPU,

    /** Whether the vCPU blocks. */
    isBlocking: (address: Address): boolean => memory.readOnce(address + vcpu.isBlocking) !== 0,
  };
}
