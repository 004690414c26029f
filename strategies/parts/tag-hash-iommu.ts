// The IOMMU driver of the designs that hash tags: the functions that it exports to SVM. Each takes a tag that somebody
// has encoded. The table of an IOMMU and the entries in it are protected by the table's lock.
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
 * @param cpuOf - SVM's answer to where a vCPU runs, or NO_CPU. A route asks it under the hash lock. So a concurrent
 * update either finds the new entry in the table, or the new entry already has the updated state.
 */
export function tagHashIommu(machine: Machine, comparesTags: boolean, cpuOf: (vcpu: Address) => number) {
  const { memory } = machine;
  const irData = irDataIn(machine, TAG_HASH_NODE);
  const hash = tagHashIn(machine, irData.at.gaTag);

  const isMatch = (entry: Address, tag: number): boolean =>
    !comparesTags || memory.load(entry + irData.at.gaTag) === tag;

  return {
    allocIrq: irData.alloc,
    freeIrq: irData.free,

    /** Posts an irq to the vCPU that a tag names. */
    setGuestMode(entry: Address, tag: number, base: number, vector: number, vcpu: Address): void {
      const table = hash.tableOf(irData.iommu(entry));
      hash.lock(table);
      if (irData.isGuestMode(entry)) hash.del(entry);
      irData.setGuestMode(entry, tag, base, vector, cpuOf(vcpu), true);
      hash.add(table, entry);
      hash.unlock(table);
    },

    setRemapMode(entry: Address): void {
      const table = hash.tableOf(irData.iommu(entry));
      hash.lock(table);
      hash.del(entry);
      irData.setRemapMode(entry);
      hash.unlock(table);
    },

    /** Updates every entry of a tag: root pointer, is_run, and the destination unless `cpu` is NO_CPU. */
    updateGa(tag: number, cpu: number, base: number, isRun: boolean): void {
      for (const table of hash.tables) {
        hash.lock(table);
        for (let entry = hash.first(table, tag); entry !== NULL; entry = hash.next(entry)) {
          if (!isMatch(entry, tag) || !irData.isGuestMode(entry)) continue;
          irData.setRootPage(entry, base);
          irData.setRunState(entry, cpu, isRun);
          irData.commit(entry);
        }
        hash.unlock(table);
      }
    },

    /** The vector of the first entry in a tag's bucket on one IOMMU, with any tag; NO_VECTOR if the bucket is empty. */
    firstVector(iommu: Address, tag: number): number {
      const table = hash.tableOf(iommu);
      hash.lock(table);
      const entry = hash.first(table, tag);
      const vector = entry === NULL ? NO_VECTOR : memory.load(entry + irData.at.gaVector);
      hash.unlock(table);
      return vector;
    },
  };
}

/** What {@link tagHashIommu} makes. */
export type TagHashIommu = ReturnType<typeof tagHashIommu>;
