// As posted (v4 of the patch, 2016): SVM passes vm_id and vcpu_id, the IOMMU driver makes a 16-bit GATAG of them, and
// the bucket walk updates every entry in the bucket, whatever its tag. One lock per IOMMU protects its hash table and
// the entries in it. A load or put takes the lock and walks a bucket of every IOMMU. A table takes 512 KiB.
import type { Machine } from '../machine/machine.js';
import { NULL } from '../machine/memory.js';
import { svmIn } from './parts/svm.js';
import { tagEncoding } from './parts/tag-encoding.js';
import { NO_VECTOR, tagHashIommu } from './parts/tag-hash-iommu.js';
import { twoValueHash } from './parts/two-value-hash.js';
import { countedVmIds } from './parts/vm-ids.js';
import type { Hypervisor, Strategy } from './strategy.js';

const tags = tagEncoding(8, 8);
const comparesTags = false;

function create(machine: Machine): Hypervisor {
  const svm = svmIn(machine, {}, countedVmIds(tags.maxVmId));
  const iommuDriver = tagHashIommu(machine, comparesTags, svm.cpuOf);

  // SVM's GA log handler takes the first VM of the bucket. It gets a vector and does not use it.
  function gaLogNotifier(vmId: number, vcpuId: number, _vector: number): void {
    svm.vmTable.lock();
    const vm = svm.vmTable.first(vmId);
    const vcpu = vm === NULL ? NULL : svm.vcpuById(vm, vcpuId);
    if (vcpu !== NULL) machine.wakeUp(vcpu);
    svm.vmTable.unlock();
  }

  return {
    ...twoValueHash(svm, iommuDriver, tags),
    wake(tag, iommu) {
      const vector = iommuDriver.firstVector(iommu, tag);
      if (vector !== NO_VECTOR) gaLogNotifier(tags.vmIdOf(tag), tags.vcpuIdOf(tag), vector);
    },
  };
}

const strategy: Strategy = {
  id: 'posted-v4',
  title: 'As posted: per-IOMMU hash of split 8/8 tags, no tag compare',
  summary:
    'SVM passes vm_id and vcpu_id to the IOMMU driver, which makes a 16-bit tag, hashes it, and in every IOMMU ' +
    'updates all entries in the bucket. The GA log handler takes the first entry and the first VM of its buckets.',
  source: 'The patch under review, July 2016. The reviewer asks where the bucket walk checks the tag.',
  gaLog: 'always',
  limits: [
    { kind: 'no-tag-compare' },
    { kind: 'ga-log-first-match' },
    { kind: 'max-vm-id', value: tags.maxVmId },
    { kind: 'max-vcpu-id', value: tags.maxVcpuId },
  ],
  notes: [
    'Another patch, which was not found, adds entries to the hash and deletes them. Here this happens when guest ' +
      'mode is set and unset.',
    'The driver passes on the vector of the first entry, and nobody uses it. Here it is read under the hash lock; ' +
      'the extent of that lock in the patch is unknown.',
  ],
  touches: [
    'struct amd_iommu: a hash table of entries by tag, and its lock',
    'struct amd_ir_data: the node in the hash',
    'amd_ir_set_vcpu_affinity(): adds ir_data to the hash, and deletes it',
    'avic_vcpu_load(), avic_vcpu_put(): pass vm_id and vcpu_id to the IOMMU driver',
    'amd_iommu_update_ga(): makes the tag and walks a bucket in each IOMMU, without a compare',
    'iommu_poll_ga_log(): decodes the tag, and reads the vector of the first entry in its bucket',
    'avic_ga_log_notifier(): takes the first VM in the bucket of the vm_id',
  ],
  create,
};

export default strategy;
