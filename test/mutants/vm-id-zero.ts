import { WORD_BYTES } from '../../machine/memory.js';
import sound from '../../strategies/merged-4.9.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vm-id-zero',
  title: 'Mutant: vm_ids begin at 0',
  summary:
    'The tag of vCPU 0 of VM 0 is 0. A route takes this for an irq without a previous vCPU and leaves its node on ' +
    'the old list.',
  source: 'Of our own making. The vm_ids of v4.9 are one-based for this reason.',
  create(machine) {
    const bitmapBytes = ((machine.host.maxVmId >>> 5) + 1) * WORD_BYTES;
    let bitmap = 0;
    const operations = sound.create({
      ...machine,
      bootAlloc(bytes, name) {
        const table = machine.bootAlloc(bytes, name);
        // The one table of this size is the bitmap of ids.
        if (bytes === bitmapBytes) bitmap = table;
        return table;
      },
    });
    machine.memory.store(bitmap, machine.memory.load(bitmap) & ~1);
    return operations;
  },
};

export default mutant;
