import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { twoValueHash } from '../../strategies/parts/two-value-hash.js';
import { bitmapVmIds } from '../../strategies/parts/vm-ids.js';
import type { Strategy } from '../../strategies/strategy.js';
import sound from '../../strategies/wide-vm-id-hash.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vm-id-shared',
  title: 'Mutant: every VM gets the same vm_id',
  summary: 'The bit of the lowest free vm_id is found and not set, so that all tags of two VMs are the same.',
  source: 'Of our own making.',
  create: (machine) =>
    twoValueHash(machine, tags, (host) => {
      const vmIds = bitmapVmIds(host, tags.maxVmId);
      return {
        alloc() {
          const vmId = vmIds.alloc();
          vmIds.free(vmId);
          return vmId;
        },
        free() {},
      };
    }),
};

export default mutant;
