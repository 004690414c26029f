import { NULL, WORD_BYTES } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import { vmsIn } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-overrun',
  title: 'Mutant: createVm writes beyond the array of vCPUs',
  summary: 'The array is ended with a NULL for which no room was asked.',
  source: 'Of our own making.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const { kvm } = vmsIn(machine, {});
    const pointerWords = machine.host.pointerBytes / WORD_BYTES;
    return {
      ...operations,
      createVm(...numbers) {
        const vm = operations.createVm(...numbers);
        const count = memory.load(vm + kvm.vcpuCount);
        memory.store(memory.load(vm + kvm.vcpus) + count * pointerWords, NULL);
        return vm;
      },
    };
  },
};

export default mutant;
