// One opaque 32-bit ga_tag: SVM encodes and decodes it; the IOMMU driver hashes and compares it and never looks
// inside. The rest is wide-vm-id-hash with its locks and costs, so the pair compares one value with two.
import { opaqueHash } from './parts/opaque-hash.js';
import { OPAQUE_TAGS } from './parts/opaque-svm.js';
import { idLimits } from './parts/tag-encoding.js';
import { tagHashIommu } from './parts/tag-hash-iommu.js';
import type { Strategy } from './strategy.js';

const strategy: Strategy = {
  id: 'opaque-tag-hash',
  title: 'Per-IOMMU hash of one opaque 32-bit tag, compared',
  summary:
    'SVM passes one number, ga_tag, and only SVM knows its meaning. The IOMMU driver finds entries by the number and ' +
    'hands it back from the GA log. The look-up is the same as in wide-vm-id-hash.',
  source: 'The reviewer: why not one opaque 32-bit ga_tag?',
  gaLog: 'always',
  limits: idLimits(OPAQUE_TAGS),
  notes: [],
  touches: [
    'struct amd_iommu: a hash table of entries by tag, and its lock',
    'struct amd_ir_data: the node in the hash',
    'amd_ir_set_vcpu_affinity(): adds ir_data to the hash, and deletes it',
    'avic_vcpu_load(), avic_vcpu_put(): pass the tag to the IOMMU driver',
    'amd_iommu_update_ga(): walks a bucket in each IOMMU, and compares the tag',
  ],
  create: (machine) => opaqueHash(machine, (host, cpuOf) => tagHashIommu(host, true, cpuOf)),
};

export default strategy;
