import sound from '../../strategies/opaque-tag-hash.js';
import { irDataIn } from '../../strategies/parts/ir-data.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { TAG_HASH_NODE } from '../../strategies/parts/tag-hash.js';
import { tagHashIommu } from '../../strategies/parts/tag-hash-iommu.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';
import { sameTables } from './parts/same-tables.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-rehash-forgotten',
  title: 'Mutant: a re-route leaves the entry in the bucket of its old tag',
  summary:
    'The entry of an irq that moves to another vCPU has the new tag, and no update of that tag finds it.',
  source: 'Of our own making: a key that changes while its entry is hashed.',
  create(machine) {
    const operations = sound.create(machine);
    const svm = vmsIn(machine, {});
    const irData = irDataIn(machine, TAG_HASH_NODE);
    const staying = { ...machine.hlist, addHead: () => {}, del: () => {} };
    const { setGuestMode } = tagHashIommu({ ...sameTables(machine), hlist: staying }, true, svm.cpuOf);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        if (!irData.isGuestMode(irq)) return operations.route(irq, vcpu, vector);
        const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
        setGuestMode(irq, tag, svm.backingPageOf(vcpu), vector, vcpu);
      },
    };
  },
};

export default mutant;
