import type { IrteWriter } from '../../../machine/irq-tables.js';
import { IRTE_WORDS } from '../../../machine/irte.js';
import { hlistBlIn, hlistIn, listIn } from '../../../machine/lists.js';
import type { Host, Machine } from '../../../machine/machine.js';
import { type Memory, WORD_BYTES } from '../../../machine/memory.js';
import type { CheckedMemory } from './checked-memory.js';

/**
 * The machine of a strategy that is checked. All accesses of the strategy go through checked memory, and only
 * updateIrte() and modifyIrte() may change live IRTEs.
 *
 * @param host - Made in the memory behind, with the checked memory's heap.
 * @param seen - The memory that the strategy sees; by default the checked memory.
 */
export function checkedMachine(host: Host, memory: CheckedMemory, seen: Memory = memory): Machine {
  const { pointerBytes } = host.host;
  memory.seal();

  const checkedWriter =
    (write: IrteWriter): IrteWriter =>
    (table, irte, ...words) => {
      const { start, end } = host.irtes;
      const isEntry = irte >= start && irte < end && (irte - start) % IRTE_WORDS === 0;
      if (!isEntry) {
        memory.reportForeign('had the machine write, as an entry,', irte);
        return;
      }
      if (table !== host.tableAt(irte)) {
        memory.reportForeign("had the machine write, under another table's lock,", irte);
      }
      write(host.tableAt(irte), irte, ...words);
    };

  return {
    ...host,
    memory: seen,
    hlist: hlistIn(seen, pointerBytes),
    hlistBl: hlistBlIn(seen, pointerBytes),
    list: listIn(seen, pointerBytes),
    bootAlloc(bytes, name) {
      const address = host.bootAlloc(bytes, name);
      memory.noteTable(address, Math.ceil(bytes / WORD_BYTES) * WORD_BYTES, name);
      return address;
    },
    createIrqCfg(irq) {
      const cfg = host.createIrqCfg(irq);
      memory.giveToHost(cfg);
      return cfg;
    },
    updateIrte: checkedWriter(host.updateIrte),
    modifyIrte: checkedWriter(host.modifyIrte),
  };
}
