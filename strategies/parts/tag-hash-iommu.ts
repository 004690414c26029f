// The IOMMU driver of the designs that hash tags: the functions that it exports to SVM. Callers pass encoded
// tags. A table and the entries in it are protected by the table's lock.
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import { irDataIn } from './ir-data.js';
import { TAG_HASH_NODE, tagTablesIn } from './tag-hash.js';

/** Stands for a vector when the bucket is empty. */
export const NO_VECTOR = -1;

/**
 * The driver on a host, without its tables.
 *
 * @param comparesTags - Whether the bucket walk compares tags. The posted walk does not.
 * @param cpuOf - SVM's answer to where a vCPU runs, or NO_CPU. It is called under the hash lock: a concurrent load or put
 * has either changed the CPU already, or will find the new entry in the table.
 */
function tagHashDriver(machine: Machine, comparesTags: boolean, cpuOf: (vcpu: Address) => number) {
  const { memory } = machine;
  const irData = irDataIn(machine, TAG_HASH_NODE);
  const hash = tagTablesIn(machine, irData.at.gaTag);

  const isMatch = (data: Address, tag: number): boolean =>
    !comparesTags || memory.load(data + irData.at.gaTag) === tag;

  return {
    irData,
    hash,

    /** Posts an irq to the vCPU that a tag names. */
    setGuestMode(
      table: Address,
      data: Address,
      tag: number,
      base: number,
      vector: number,
      vcpu: Address,
    ): void {
      hash.lock(table);
      if (irData.isGuestMode(data)) hash.del(data);
      irData.setGuestMode(data, tag, base, vector, cpuOf(vcpu), true);
      hash.add(table, data);
      hash.unlock(table);
    },

    setRemapMode(table: Address, data: Address): void {
      hash.lock(table);
      hash.del(data);
      irData.setRemapMode(data);
      hash.unlock(table);
    },

    /** Updates a table's entries of a tag: root pointer, is_run, and the destination unless `cpu` is NO_CPU. */
    updateGa(table: Address, tag: number, cpu: number, base: number): void {
      hash.lock(table);
      for (let data = hash.first(table, tag); data !== NULL; data = hash.next(data)) {
        if (isMatch(data, tag)) irData.updateEntry(data, cpu, base);
      }
      hash.unlock(table);
    },
  };
}

/** The functions that SVM calls. */
export interface TagHashIommu {
  allocIrq(irq: number, devid: number): Address;
  freeIrq(irq: Address): void;
  setGuestMode(irq: Address, tag: number, base: number, vector: number, vcpu: Address): void;
  setRemapMode(irq: Address): void;
  updateGa(tag: number, cpu: number, base: number): void;
}

/**
 * The posted driver: a table in each IOMMU. An update visits every IOMMU, even one without a device of the VM, and walks one
 * bucket in each: it cannot know where a tag has entries, nor how many.
 */
export function tagHashIommu(machine: Machine, comparesTags: boolean, cpuOf: (vcpu: Address) => number) {
  const { memory } = machine;
  const { irData, hash, ...driver } = tagHashDriver(machine, comparesTags, cpuOf);
  const tables = machine.iommus.map((iommu, number) => {
    const table = hash.create(`gatag_hash_${number}`);
    machine.setDriverData(iommu, table);
    return table;
  });
  const tableOf = (data: Address): Address => machine.driverDataOf(irData.iommu(data));

  return {
    allocIrq: irData.alloc,
    freeIrq: irData.free,
    setGuestMode: (data: Address, tag: number, base: number, vector: number, vcpu: Address): void =>
      driver.setGuestMode(tableOf(data), data, tag, base, vector, vcpu),
    setRemapMode: (data: Address): void => driver.setRemapMode(tableOf(data), data),
    updateGa(tag: number, cpu: number, base: number): void {
      for (const table of tables) driver.updateGa(table, tag, cpu, base);
    },

    /** The vector of the first entry in a tag's bucket on one IOMMU, with any tag; NO_VECTOR if the bucket is empty. */
    firstVector(iommu: Address, tag: number): number {
      const table = machine.driverDataOf(iommu);
      hash.lock(table);
      const data = hash.first(table, tag);
      const vector = data === NULL ? NO_VECTOR : memory.load(data + irData.at.gaVector);
      hash.unlock(table);
      return vector;
    },
  };
}

/** The same with one table for the host. */
export function sharedTagHash(machine: Machine, cpuOf: (vcpu: Address) => number): TagHashIommu {
  const { irData, hash, ...driver } = tagHashDriver(machine, true, cpuOf);
  const table = hash.create('gatag_hash');
  return {
    allocIrq: irData.alloc,
    freeIrq: irData.free,
    setGuestMode: (data, tag, base, vector, vcpu) =>
      driver.setGuestMode(table, data, tag, base, vector, vcpu),
    setRemapMode: (data) => driver.setRemapMode(table, data),
    updateGa: (tag, cpu, base) => driver.updateGa(table, tag, cpu, base),
  };
}
