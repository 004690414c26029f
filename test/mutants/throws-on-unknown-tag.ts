import { type Address, NULL } from '../../machine/memory.js';
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
    let woken: Address = NULL;
    const operations = sound.create({
      ...machine,
      wakeUp(vcpu) {
        woken = vcpu;
        machine.wakeUp(vcpu);
      },
    });
    return {
      ...operations,
      wake(tag, iommu) {
        woken = NULL;
        operations.wake(tag, iommu);
        if (woken === NULL) throw new Error(`tag ${tag} names no vCPU`);
      },
    };
  },
};

export default mutant;
