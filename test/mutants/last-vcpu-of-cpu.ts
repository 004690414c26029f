import { NULL, WORD_BYTES } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';

/** Slots for CPUs; more CPUs share slots. */
const CPUS = 256;

const mutant: Strategy = {
  ...sound,
  id: 'mutant-last-vcpu-of-cpu',
  title: 'Mutant: a load reads the vCPU that its CPU ran last, which may be gone',
  summary:
    'Each CPU keeps a pointer to the vCPU that it ran last, to notice a switch to another VM. destroyVm does not ' +
    'clear it, so a later load reads a freed vCPU. The value that it reads has no effect.',
  source: 'Of our own making.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const svm = vmsIn(machine, {});
    const lastVcpus = machine.bootAlloc(CPUS * WORD_BYTES);
    const switches = machine.bootAlloc(WORD_BYTES);
    return {
      ...operations,
      load(vcpu, cpu) {
        const slot = lastVcpus + (cpu % CPUS);
        const last = memory.load(slot);
        if (last !== NULL && svm.kvmOf(last) !== svm.kvmOf(vcpu)) {
          memory.store(switches, memory.load(switches) + 1);
        }
        memory.store(slot, vcpu);
        operations.load(vcpu, cpu);
      },
    };
  },
};

export default mutant;
