// posted-v4 with the missing check: the bucket walk and the GA log handler compare ids. For load and put the pair
// measures the compare alone. The locks are the same. A bucket walk reads the tag of each entry on top.
import { svmIn } from './parts/svm.js';
import { tagEncoding } from './parts/tag-encoding.js';
import { tagHashIommu } from './parts/tag-hash-iommu.js';
import { twoValueHash } from './parts/two-value-hash.js';
import { countedVmIds } from './parts/vm-ids.js';
import type { Strategy } from './strategy.js';

const tags = tagEncoding(8, 8);

const strategy: Strategy = {
  id: 'split-id-hash',
  title: 'Per-IOMMU hash of split 8/8 tags, compared',
  summary:
    'As posted, but the bucket walk skips entries of other tags, and the GA log handler compares the ids that it ' +
    'decodes. The tag has 8 bits for a vm_id and the counter behind it has 32, so VM 257 aliases VM 1.',
  source: 'The reviewer: compare the tag inside the bucket.',
  gaLog: 'always',
  limits: [
    { kind: 'max-vm-id', value: tags.maxVmId },
    { kind: 'max-vcpu-id', value: tags.maxVcpuId },
  ],
  notes: [
    'The VM table hashes and compares the 8 bits of the vm_id that a tag carries.',
    'The driver decodes the tag of a GA log entry and looks up no entry in the bucket. That look-up only gave a ' +
      'vector that nobody uses, and it would lose the wakeup of an irq that is unrouted before the log is read.',
  ],
  touches: [
    'struct amd_iommu: a hash table of entries by tag, and its lock',
    'struct amd_ir_data: the node in the hash',
    'amd_ir_set_vcpu_affinity(): adds ir_data to the hash, and deletes it',
    'avic_vcpu_load(), avic_vcpu_put(): pass vm_id and vcpu_id to the IOMMU driver',
    'amd_iommu_update_ga(): makes the tag, walks a bucket in each IOMMU, and compares',
    'iommu_poll_ga_log(): decodes the tag',
    'avic_ga_log_notifier(): gets vm_id and vcpu_id instead of a tag',
  ],
  create(machine) {
    const svm = svmIn(machine, {}, countedVmIds(tags.maxVmId), tags.maxVmId);
    return twoValueHash(svm, tagHashIommu(machine, true, svm.cpuOf), tags);
  },
};

export default strategy;
