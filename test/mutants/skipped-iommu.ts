import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { tagHashIommu } from '../../strategies/parts/tag-hash-iommu.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';
import sound from '../../strategies/wide-vm-id-hash.js';
import { sameTables } from './parts/same-tables.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-skipped-iommu',
  title: 'Mutant: a load skips the last IOMMU',
  summary:
    'A load walks the buckets of all IOMMUs except the last, so the entries behind the last one do not change.',
  source: 'Of our own making: off by one in the loop over the IOMMUs.',
  create(machine) {
    const operations = sound.create(machine);
    const svm = vmsIn(machine, {});
    const tables = sameTables(machine);
    const { updateGa } = tagHashIommu({ ...tables, iommus: machine.iommus.slice(0, -1) }, true, svm.cpuOf);
    return {
      ...operations,
      load(vcpu, cpu) {
        svm.enter(vcpu, cpu);
        const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
        updateGa(tag, cpu, svm.backingPageOf(vcpu));
      },
    };
  },
};

export default mutant;
