// The posted design with the missing check: the bucket walk compares tags, and so does the GA log handler.
// Otherwise as posted, so that the pair of the two measures the check alone.
import { tagEncoding } from './parts/tag-encoding.js';
import { twoValueHash } from './parts/two-value-hash.js';
import { countedVmIds } from './parts/vm-ids.js';
import type { Strategy } from './strategy.js';

const tags = tagEncoding(8, 8);

const strategy: Strategy = {
  id: 'split-id-hash',
  title: 'Per-IOMMU hash of split 8/8 tags, compared',
  summary:
    'As posted, but the bucket walk skips entries of other tags and the GA log handler compares the ids it decodes. ' +
    'A vm_id has 8 bits in the tag and the counter behind it has 32, so VM 257 is taken for VM 1.',
  source: 'The reviewer: compare the tag inside the bucket.',
  gaLog: 'always',
  limits: [
    { kind: 'max-vm-id', value: tags.maxVmId },
    { kind: 'max-vcpu-id', value: tags.maxVcpuId },
  ],
  notes: [
    'VMs are hashed and compared by the 8 bits of the vm_id that a tag carries.',
    'The driver decodes the tag of a GA log entry and does not look for an entry in the bucket: the look-up served ' +
      'a vector that nobody uses, and it would lose the wakeup of an irq that was unrouted before the log is read.',
  ],
  create: (machine) => twoValueHash(machine, tags, countedVmIds),
};

export default strategy;
