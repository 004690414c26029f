// split-id-hash with 24 bits for the VM instead of 8: the tag field of an IRTE has 32 bits, and the posted code
// leaves half of them empty. The locks are the same. The bitmap of vm_ids takes 2 MiB on top.
import { svmIn } from './parts/svm.js';
import { idLimits, tagEncoding } from './parts/tag-encoding.js';
import { tagHashIommu } from './parts/tag-hash-iommu.js';
import { twoValueHash } from './parts/two-value-hash.js';
import { bitmapVmIds } from './parts/vm-ids.js';
import type { Strategy } from './strategy.js';

const tags = tagEncoding(24, 8);

const strategy: Strategy = {
  id: 'wide-vm-id-hash',
  title: 'Per-IOMMU hash of split 24/8 tags, compared',
  summary:
    'As split-id-hash, but the IOMMU driver encodes 24 bits of the vm_id, and a bitmap gives out the lowest free ' +
    'vm_id. So no two VMs of a host share a tag.',
  source: 'The reviewer: why is vm_id not 24 bits?',
  gaLog: 'always',
  limits: idLimits(tags),
  notes: ['The bitmap takes 2 MiB for any number of VMs.'],
  touches: [
    'struct amd_iommu: a hash table of entries by tag, and its lock',
    'struct amd_ir_data: the node in the hash',
    'amd_ir_set_vcpu_affinity(): adds ir_data to the hash, and deletes it',
    'avic_vcpu_load(), avic_vcpu_put(): pass vm_id and vcpu_id to the IOMMU driver',
    'amd_iommu_update_ga(): makes the tag of 24 and 8 bits, walks a bucket in each IOMMU, and compares',
    'iommu_poll_ga_log(): decodes the tag',
    'avic_ga_log_notifier(): gets vm_id and vcpu_id instead of a tag',
  ],
  create(machine) {
    const svm = svmIn(machine, {}, bitmapVmIds(tags.maxVmId), tags.maxVmId);
    return twoValueHash(svm, tagHashIommu(machine, true, svm.cpuOf), tags);
  },
};

export default strategy;
