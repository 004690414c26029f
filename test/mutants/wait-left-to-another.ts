import type { IrteWriter } from '../../machine/irq-tables.js';
import type { Host } from '../../machine/machine.js';
import { type Address, LINE_WORDS, WORD_BYTES } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-wait-left-to-another',
  title: "Mutant: a flush does not wait when another CPU's wait is queued",
  summary:
    'Each IOMMU notes whether a wait is needed. The CPU that is going to wait clears the note, and another CPU returns before ' +
    'its own INVALIDATE has completed.',
  source: 'N13, v4.9 to v6.4.',
  create(machine) {
    const { memory, host } = machine;
    // Only the machine flushes where both commands are queued in one hold of the lock.
    if (host.commandLock === 'per-flush') return sound.create(machine);
    const { writeIrte, invalidate, awaitCompletion, iommuAt } = machine as Host;
    const notes = machine.bootAlloc(machine.iommus.length * LINE_WORDS * WORD_BYTES, 'need_sync');
    const noteOf = (irte: Address): Address => notes + machine.iommus.indexOf(iommuAt(irte)) * LINE_WORDS;
    const modifyIrte: IrteWriter = (table, irte, ...words) => {
      writeIrte(table, irte, ...words);
      invalidate(irte);
      memory.writeOnce(noteOf(irte), 1);
      if (memory.readOnce(noteOf(irte)) === 0) return;
      memory.writeOnce(noteOf(irte), 0);
      awaitCompletion(irte);
    };
    return sound.create({ ...machine, modifyIrte });
  },
};

export default mutant;
