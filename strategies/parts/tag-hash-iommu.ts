// The IOMMU driver of the designs that hash tags: what it exports to SVM, for a tag that somebody has encoded.

import type { Machine } from '../../machine/machine.js';
import { type Address, NULL } from '../../machine/memory.js';
import { irDataIn } from './ir-data.js';
import { TAG_HASH_NODE, tagHashIn } from './tag-hash.js';

/** In place of a vector: the bucket is empty. */
export const NO_VECTOR = -1;

/**
 * The driver on a host.
 *
 * @param compares - Whether the bucket walk compares tags. The posted one does not.
 * @param cpuOf - SVM's answer to where a vCPU runs, or NO_CPU. It is asked under the hash lock, so that an update
 * finds a new entry in the table, or the new entry has the state after the update.
 */
export function tagHashIommu(machine: Machine, compares: boolean, cpuOf: (vcpu: Address) => number) {
  const { memory } = machine;
  const irData = irDataIn(machine, TAG_HASH_NODE);
  const hash = tagHashIn(machine, irData.at.gaTag);

  /** Whether a bucket's entry is one of the tag's, in the eyes of this design. */
  const isMatch = (entry: Address, tag: number): boolean =>
    !compares || memory.load(entry + irData.at.gaTag) === tag;

  return {
    allocIrq: irData.alloc,
    freeIrq: irData.free,

    /** Posts an irq to a vCPU, for a tag that names it. */
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

    /** The vector of the first entry in the bucket of a tag on one IOMMU, whatever its own tag; NO_VECTOR if none. */
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
