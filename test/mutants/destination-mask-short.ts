import sound from '../../strategies/opaque-tag-hash.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-destination-mask-short',
  title: 'Mutant: a load writes 7 bits of the destination',
  summary: 'A vCPU on CPU 128 has its interrupts sent to CPU 0. A route writes the whole destination.',
  source: 'Of our own making: a mask that is one bit short.',
  create(machine) {
    const operations = sound.create(machine);
    const svm = vmsIn(machine, {});
    return {
      ...operations,
      load(vcpu, cpu) {
        operations.load(vcpu, cpu & 0x7f);
        svm.enter(vcpu, cpu);
      },
    };
  },
};

export default mutant;
