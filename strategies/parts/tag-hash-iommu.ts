// The IOMMU driver of the designs that hash tags: the functions that it exports to SVM. Callers pass encoded
// tags. The table of an IOMMU and the entries in it are protected by the table's lock.
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import { irDataIn } from './ir-data.js';
import { TAG_HASH_NODE, tagHashIn } from './tag-hash.js';

/** Stands for a vector when the bucket is empty. */
export const NO_VECTOR = -1;

/**
 * The driver on a host.
 *
 * @param comparesTags - Whether the bucket walk compares tags. The posted walk does not.
 * @param cpuOf - SVM's answer to where a vCPU runs, or NO_CPU. It is called under the hash lock: a concurrent load or put
 * has either changed the CPU already, or will find the new entry in the table.
 */
export function tagHashIommu(machine: Machine, comparesTags: boolean, cpuOf: (vcpu: Address) => number) {
  const { memory } = machine;
  const irData = irDataIn(machine, TAG_HASH_NODE);
  const hash = tagHashIn(machine, irData.at.gaTag);

  const isMatch = (data: Address, tag: number): boolean =>
    !comparesTags || memory.load(data + irData.at.gaTag) === tag;

  return {
    allocIrq: irData.alloc,
    freeIrq: irData.free,

    /** Posts an irq to the vCPU that a tag names. */
    setGuestMode(data: Address, tag: number, base: number, vector: number, vcpu: Address): void {
      const table = hash.tableOf(irData.iommu(data));
      hash.lock(table);
      if (irData.isGuestMode(data)) hash.del(data);
      irData.setGuestMode(data, tag, base, vector, cpuOf(vcpu), true);
      hash.add(table, data);
      hash.unlock(table);
    },

    setRemapMode(data: Address): void {
      const table = hash.tableOf(irData.iommu(data));
      hash.lock(table);
      hash.del(data);
      irData.setRemapMode(data);
      hash.unlock(table);
    },

    /** Updates every entry of a tag: root pointer, is_run, and the destination unless `cpu` is NO_CPU. */
    updateGa(tag: number, cpu: number, base: number, isRun: boolean): void {
      for (const table of hash.tables) {
        hash.lock(table);
        for (let data = hash.first(table, tag); data !== NULL; data = hash.next(data)) {
          if (!isMatch(data, tag) || !irData.isGuestMode(data)) continue;
          irData.setRootPage(data, base);
          irData.setRunState(data, cpu, isRun);
          irData.commit(data);
        }
        hash.unlock(table);
      }
    },

    /** The vector of the first entry in a tag's bucket on one IOMMU, with any tag; NO_VECTOR if the bucket is empty. */
    firstVector(iommu: Address, tag: number): number {
      const table = hash.tableOf(iommu);
      hash.lock(table);
      const data = hash.first(table, tag);
      const vector = data === NULL ? NO_VECTOR : memory.load(data + irData.at.gaVector);
      hash.unlock(table);
      return vector;
    },
  };
}

/** What {@link tagHashIommu} makes. */
export type TagHashIommu = ReturnType<typeof tagHashIommu>;
