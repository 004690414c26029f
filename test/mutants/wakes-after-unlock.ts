import { type Address, NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-wakes-after-unlock',
  title: 'Mutant: a wakeup comes after the lock of the VM table is dropped',
  summary: 'The vCPU that was found can be freed before it is woken.',
  source: 'N22: mainline, which the merged strategies declare as a limit.',
  create(machine) {
    let found: Address = NULL;
    const operations = sound.create({
      ...machine,
      wakeUp(vcpu) {
        found = vcpu;
      },
    });
    return {
      ...operations,
      wake(tag, iommu) {
        found = NULL;
        operations.wake(tag, iommu);
        if (found !== NULL) machine.wakeUp(found);
      },
    };
  },
};

export default mutant;
