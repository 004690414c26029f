// Designs that are broken on purpose: each is a sound strategy with one bug that the oracle must catch. A check of the
// oracle is worth the mutants that it catches here.

import { join } from 'node:path';
import type { CheckName } from '../../harness/results/checks.js';

/** The folder of the mutants' compiled modules. */
export const FOLDER = import.meta.dirname;

/** A broken design. */
export interface Mutant {
  /** Name of its module beside this one, without .js. */
  readonly file: string;
  /** The number of a kernel bug, or `own`. */
  readonly bug: string;
  /** The check that must catch it; others may catch it, too. */
  readonly check: CheckName;
}

/** The path of a mutant's module. */
export const pathOf = ({ file }: Pick<Mutant, 'file'>): string => join(FOLDER, `${file}.js`);

export const MUTANTS: readonly Mutant[] = [
  // Operations that throw or never end.
  { file: 'throws-on-unknown-tag', bug: 'own', check: 'exceptions' },
  { file: 'list-cycle', bug: 'own', check: 'endless' },
  { file: 'loops-without-memory', bug: 'own', check: 'endless' },

  // Bugs of the kernel and of the patch.
  { file: 'no-tag-compare', bug: 'B1', check: 'other-entries' },
  { file: 'wakes-first-in-bucket', bug: 'B1', check: 'interrupts' },
  { file: 'eight-bit-vm-id', bug: 'B2', check: 'other-entries' },
  { file: 'vcpu-id-bit-dropped', bug: 'B3', check: 'interrupts' },
  { file: 'reroute-loses-run-state', bug: 'B5', check: 'own-entries' },
  { file: 'unroute-keeps-list-node', bug: 'B7', check: 'memory' },
  { file: 'null-ir-data-on-list', bug: 'B8', check: 'memory' },
  { file: 'live-entry-never-written', bug: 'B9', check: 'own-entries' },
  { file: 'valid-bit-lost', bug: 'B10', check: 'own-entries' },
  { file: 'tag-kept-on-reroute', bug: 'B12', check: 'interrupts' },
  { file: 'ga-log-not-restarted', bug: 'B13', check: 'interrupts' },
  { file: 'failing-update-ends-walk', bug: 'B16', check: 'own-entries' },
  { file: 'log-when-preempted', bug: 'B17', check: 'own-entries' },
  { file: 'remap-fields-kept', bug: 'B20', check: 'own-entries' },
  { file: 'log-never-on', bug: 'N3', check: 'own-entries' },
  { file: 'posted-on-no-list', bug: 'N10', check: 'own-entries' },
  { file: 'wild-ir-data-on-list', bug: 'N11', check: 'memory' },
  { file: 'vector-zero-looks-free', bug: 'N21', check: 'other-entries' },

  // Wrong entries, or wrong values in entries.
  { file: 'compare-missing-on-put', bug: 'own', check: 'other-entries' },
  { file: 'vm-id-shared', bug: 'own', check: 'other-entries' },
  { file: 'vm-id-zero', bug: 'own', check: 'other-entries' },
  { file: 'count-not-decremented', bug: 'own', check: 'other-entries' },
  { file: 'back-index-not-updated', bug: 'own', check: 'other-entries' },
  { file: 'wrong-list', bug: 'own', check: 'own-entries' },
  { file: 'skipped-iommu', bug: 'own', check: 'own-entries' },
  { file: 'rehash-forgotten', bug: 'own', check: 'own-entries' },
  { file: 'reroute-taken-for-done', bug: 'own', check: 'own-entries' },
  { file: 'destination-mask-short', bug: 'own', check: 'own-entries' },
  { file: 'destination-high-bits-dropped', bug: 'own', check: 'own-entries' },
  { file: 'stale-destination', bug: 'own', check: 'own-entries' },
  { file: 'put-clears-destination', bug: 'own', check: 'own-entries' },
  { file: 'load-never-sets-run', bug: 'own', check: 'own-entries' },
  { file: 'fields-confused', bug: 'own', check: 'own-entries' },
  { file: 'log-off-when-routed-to-blocked', bug: 'own', check: 'own-entries' },
  { file: 'wake-changes-state', bug: 'own', check: 'own-entries' },
  { file: 'past-the-memory', bug: 'own', check: 'own-entries' },

  // Wakeups.
  { file: 'swapped-tag-fields', bug: 'own', check: 'interrupts' },
  { file: 'tag-outlives-vcpu', bug: 'own', check: 'interrupts' },

  // Entries that an IOMMU has cached.
  { file: 'route-not-flushed', bug: 'own', check: 'interrupts' },
  { file: 'unroute-not-flushed', bug: 'own', check: 'interrupts' },

  // Freed memory, or memory that was never allocated.
  { file: 'unhashed-too-late', bug: 'own', check: 'memory' },
  { file: 'vm-left-in-table', bug: 'own', check: 'memory' },
  { file: 'frees-live-object', bug: 'own', check: 'memory' },
  { file: 'read-after-free', bug: 'own', check: 'memory' },
  { file: 'last-vcpu-of-cpu', bug: 'own', check: 'memory' },
  { file: 'overrun', bug: 'own', check: 'memory' },

  // Memory of the host or of another irq.
  { file: 'irte-written-without-lock', bug: 'own', check: 'ownership' },
  { file: 'irq-cfg-written', bug: 'own', check: 'ownership' },
  { file: 'devid-and-index-confused', bug: 'own', check: 'ownership' },

  // Wrong or missing frees.
  { file: 'double-free', bug: 'own', check: 'frees' },
  { file: 'free-wrong-size', bug: 'own', check: 'frees' },
  { file: 'free-wrong-bytes', bug: 'own', check: 'frees' },
  { file: 'leaked-list-node', bug: 'own', check: 'leaks' },

  // State outside the memory.
  { file: 'wakeups-remembered', bug: 'own', check: 'state' },
  { file: 'vm-ids-in-module', bug: 'own', check: 'state' },

  // Locks.
  { file: 'lost-unlock', bug: 'own', check: 'locks' },
  { file: 'lost-unlock-at-destroy', bug: 'own', check: 'locks' },
  { file: 'unlock-twice', bug: 'own', check: 'locks' },
  { file: 'bit-lock-lost-on-delete', bug: 'own', check: 'locks' },
  { file: 'load-without-lock', bug: 'own', check: 'lockset' },
  { file: 'wake-without-lock', bug: 'own', check: 'lockset' },
  { file: 'vm-id-without-lock', bug: 'own', check: 'lockset' },
  { file: 'tag-without-lock', bug: 'own', check: 'lockset' },
  { file: 'added-before-lock', bug: 'own', check: 'lockset' },
  { file: 'added-under-old-lock', bug: 'own', check: 'lockset' },
  { file: 'put-commits-after-unlock', bug: 'own', check: 'lockset' },
  { file: 'hash-lock-of-first-iommu', bug: 'own', check: 'lockset' },
  { file: 'bit-lock-dropped', bug: 'own', check: 'lockset' },
  { file: 'bit-lock-of-first-bucket', bug: 'own', check: 'lockset' },
  { file: 'grows-without-lock', bug: 'own', check: 'lockset' },
  { file: 'both-lists-locked', bug: 'own', check: 'lock-order' },
  { file: 'vm-locks-crossed', bug: 'own', check: 'lock-order' },

  // Concurrent operations.
  { file: 'state-sampled-too-early', bug: 'B6', check: 'schedules' },
  { file: 'briefly-invalid', bug: 'B11', check: 'schedules' },
  { file: 'wait-left-to-another', bug: 'N13', check: 'schedules' },
  { file: 'wakes-after-unlock', bug: 'N22', check: 'schedules' },
  { file: 'written-after-unlock', bug: 'own', check: 'schedules' },
];
