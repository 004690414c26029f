// opaque-tag-hash with one table for the host instead of one in each IOMMU. An update takes one lock and walks one bucket,
// however many IOMMUs there are. The one lock is taken by every update of the host.
import { opaqueHash } from './parts/opaque-hash.js';
import { OPAQUE_TAGS } from './parts/opaque-svm.js';
import { idLimits } from './parts/tag-encoding.js';
import { sharedTagHash } from './parts/tag-hash-iommu.js';
import type { Strategy } from './strategy.js';

const strategy: Strategy = {
  id: 'shared-hash',
  title: 'One hash for the host of one opaque 32-bit tag',
  summary:
    'As opaque-tag-hash, but the IOMMUs share one table under one lock. A load or put looks in one bucket instead of ' +
    'one for each IOMMU.',
  source: 'Not in the review. It takes the loop over IOMMUs out of the posted design, and leaves the hash.',
  gaLog: 'always',
  limits: idLimits(OPAQUE_TAGS),
  notes: ['The table has as many buckets as a table of one IOMMU in opaque-tag-hash.'],
  touches: [
    'drivers/iommu/amd/iommu.c: one hash table of entries by tag, and its lock',
    'struct amd_ir_data: the node in the hash',
    'amd_ir_set_vcpu_affinity(): adds ir_data to the hash, and deletes it',
    'avic_vcpu_load(), avic_vcpu_put(): pass the tag to the IOMMU driver',
    'amd_iommu_update_ga(): walks one bucket under the lock of the table, and compares the tag',
  ],
  create: (machine) => opaqueHash(machine, sharedTagHash),
};

export default strategy;
