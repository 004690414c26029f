// split-id-hash with 24 bits for the VM: the tag field has 32 bits, and the posted code leaves half of them empty.
import { tagEncoding } from './parts/tag-encoding.js';
import { twoValueHash } from './parts/two-value-hash.js';
import { bitmapVmIds } from './parts/vm-ids.js';
import type { Strategy } from './strategy.js';

const tags = tagEncoding(24, 8);

const strategy: Strategy = {
  id: 'wide-vm-id-hash',
  title: 'Per-IOMMU hash of split 24/8 tags, compared',
  summary:
    'As split-id-hash, but the IOMMU driver encodes 24 bits of the vm_id, and vm_ids come from a bitmap that gives ' +
    'out the lowest free one, so that no two VMs of a host share a tag.',
  source: 'The reviewer: why is vm_id not 24 bits?',
  gaLog: 'always',
  limits: [
    { kind: 'max-vms', value: tags.maxVmId },
    { kind: 'id-reuse' },
    { kind: 'max-vcpu-id', value: tags.maxVcpuId },
  ],
  notes: ['The bitmap takes 2 MiB whatever the number of VMs.'],
  create: (machine) => twoValueHash(machine, tags, (host) => bitmapVmIds(host, tags.maxVmId)),
};

export default strategy;
