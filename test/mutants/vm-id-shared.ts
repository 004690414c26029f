import { svmIn } from '../../strategies/parts/svm.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { tagHashIommu } from '../../strategies/parts/tag-hash-iommu.js';
import { twoValueHash } from '../../strategies/parts/two-value-hash.js';
import { bitmapVmIds, type VmIdSource } from '../../strategies/parts/vm-ids.js';
import type { Strategy } from '../../strategies/strategy.js';
import sound from '../../strategies/wide-vm-id-hash.js';

const tags = tagEncoding(24, 8);

const sharedVmIds: VmIdSource = (machine, vmTable) => {
  const vmIds = bitmapVmIds(tags.maxVmId)(machine, vmTable);
  return {
    alloc() {
      const vmId = vmIds.alloc();
      vmIds.free(vmId);
      return vmId;
    },
    free() {},
  };
};

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vm-id-shared',
  title: 'Mutant: every VM gets the same vm_id',
  summary: 'The bit of the lowest free vm_id is found and not set, so two VMs have the same tags.',
  source: 'Of our own making.',
  create(machine) {
    const svm = svmIn(machine, {}, sharedVmIds, tags.maxVmId);
    return twoValueHash(svm, tagHashIommu(machine, true, svm.cpuOf), tags);
  },
};

export default mutant;
