import type { Machine } from '../../machine/machine.js';
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
  id: 'mutant-compare-missing-on-put',
  title: 'Mutant: the bucket walk of a put compares no tag',
  summary:
    'A put also clears is_run in the entries of other vCPUs in its bucket, and leaves their root pointers. Their interrupts ' +
    'still arrive, through the GA log, so only the entries show the bug.',
  source: 'Of our own making, after B1.',
  create(machine) {
    const operations = sound.create(machine);
    const svm = vmsIn(machine, {});
    const { memory } = machine;
    const driver: Machine = {
      ...sameTables(machine),
      updateIrte: (table, irte, word0, tag) =>
        machine.updateIrte(table, irte, word0, tag, memory.readOnce(irte + 2), memory.readOnce(irte + 3)),
    };
    const { updateGa } = tagHashIommu(driver, false, svm.cpuOf);
    return {
      ...operations,
      put(vcpu, blocking) {
        svm.leave(vcpu, blocking);
        const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
        updateGa(tag, NO_CPU, svm.backingPageOf(vcpu));
      },
    };
  },
};

export default mutant;
