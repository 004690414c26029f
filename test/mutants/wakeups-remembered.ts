import type { Address } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-wakeups-remembered',
  title: 'Mutant: a wakeup looks up once, and then in a map outside the modelled memory',
  summary:
    'Every answer is right. But a map in V8 costs the design no lock, no cache line and no byte, so its wakeups ' +
    'would look cheaper than they are.',
  source: 'Of our own making.',
  create(machine) {
    const remembered = new Map<number, Address>();
    let current = 0;
    const operations = sound.create({
      ...machine,
      wakeUp(vcpu) {
        remembered.set(current, vcpu);
        machine.wakeUp(vcpu);
      },
    });
    return {
      ...operations,
      destroyVm(vm) {
        remembered.clear();
        operations.destroyVm(vm);
      },
      wake(tag, iommu) {
        current = tag;
        const known = remembered.get(tag);
        if (known === undefined) operations.wake(tag, iommu);
        else machine.wakeUp(known);
      },
    };
  },
};

export default mutant;
