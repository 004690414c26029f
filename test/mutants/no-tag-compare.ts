import { NO_CPU } from '../../strategies/parts/entry.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { tagHashIommu } from '../../strategies/parts/tag-hash-iommu.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';
import sound from '../../strategies/wide-vm-id-hash.js';
import { sameTables } from './parts/same-tables.js';

const tags = tagEncoding(24, 8);

const mutant: Strategy = {
  ...sound,
  id: 'mutant-no-tag-compare',
  title: 'Mutant: the bucket walk compares no tag',
  summary: 'An update writes every entry of its bucket, also those of other vCPUs. The wakeup is right.',
  source: 'B1: the patch as posted in July 2016.',
  create(machine) {
    const operations = sound.create(machine);
    const svm = vmsIn(machine, {});
    const { updateGa } = tagHashIommu(sameTables(machine), false, svm.cpuOf);
    const gaTagOf = (vcpu: number): number => tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
    return {
      ...operations,
      load(vcpu, cpu) {
        svm.enter(vcpu, cpu);
        updateGa(gaTagOf(vcpu), cpu, svm.backingPageOf(vcpu));
      },
      put(vcpu, blocking) {
        svm.leave(vcpu, blocking);
        updateGa(gaTagOf(vcpu), NO_CPU, svm.backingPageOf(vcpu));
      },
    };
  },
};

export default mutant;
