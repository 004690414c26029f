import sound from '../../strategies/opaque-tag-hash.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import type { Strategy } from '../../strategies/strategy.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-swapped-tag-fields',
  title: 'Mutant: a wakeup takes the vCPU id for the vm_id',
  summary: 'The tag is encoded rightly, and decoded with its two fields swapped.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    return {
      ...operations,
      wake: (tag, iommu) => operations.wake(tags.encode(tags.vcpuIdOf(tag), tags.vmIdOf(tag)), iommu),
    };
  },
};

export default mutant;
