// shared-hash with a lock in each bucket instead of one lock for the table. Updates of different vCPUs rarely meet. The lock
// is bit 0 of the bucket's head, so that an update of a vCPU touches one line and makes one atomic access to find its entries.
import { bucketLockHash } from './parts/bucket-lock-hash.js';
import { opaqueHash } from './parts/opaque-hash.js';
import { OPAQUE_TAGS } from './parts/opaque-svm.js';
import { idLimits } from './parts/tag-encoding.js';
import type { Strategy } from './strategy.js';

const strategy: Strategy = {
  id: 'bucket-lock-hash',
  title: 'One hash for the host, a lock bit in each bucket',
  summary:
    "As shared-hash, but each bucket has its own lock: bit 0 of the bucket's head, as in the kernel's hlist_bl. Two " +
    'updates wait for each other only if their tags share a bucket.',
  source: "Not in the review. It is the kernel's hlist_bl: a hash without a lock that all CPUs share.",
  gaLog: 'always',
  limits: idLimits(OPAQUE_TAGS),
  notes: [
    "It is today's rhashtable without resizing and without RCU.",
    'The node comes first in ir_data. Objects lie at even addresses, which leaves bit 0 of a head free.',
  ],
  touches: [
    'drivers/iommu/amd/iommu.c: one hash table of entries by tag, an hlist_bl_head for each bucket',
    'struct amd_ir_data: the node in the hash',
    'amd_ir_set_vcpu_affinity(): adds ir_data to the hash, and deletes it',
    'avic_vcpu_load(), avic_vcpu_put(): pass the tag to the IOMMU driver',
    'amd_iommu_update_ga(): walks one bucket under its lock bit, and compares the tag',
  ],
  create: (machine) => opaqueHash(machine, bucketLockHash),
};

export default strategy;
