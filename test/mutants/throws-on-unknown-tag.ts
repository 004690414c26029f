import { NULL } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-throws-on-unknown-tag',
  title: 'Mutant: a wakeup throws for the tag of a VM that is gone',
  summary:
    'A GA log entry may be read after its VM was destroyed. It then names no vCPU, which is not an error.',
  source: 'Of our own making.',
  create(machine) {
    const operations = sound.create(machine);
    return {
      ...operations,
      wake(tag, iommu) {
        const vcpu = operations.wake(tag, iommu);
        if (vcpu === NULL) throw new Error(`tag ${tag} names no vCPU`);
        return vcpu;
      },
    };
  },
};

export default mutant;
