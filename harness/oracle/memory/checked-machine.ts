import { IRTE_WORDS } from '../../../machine/irte.js';
import { hlistIn, listIn } from '../../../machine/lists.js';
import type { Host, Machine } from '../../../machine/machine.js';
import { type Memory, WORD_BYTES } from '../../../machine/memory.js';
import type { CheckedMemory } from './checked-memory.js';

/**
 * A host as a strategy meets it while it is checked: every word that the strategy touches by itself, it touches
 * through checked memory, and the live IRTEs it changes through updateIrte() alone.
 *
 * @param host - Made in the memory behind, with the checked memory's heap.
 * @param seen - What the strategy is given for the checked memory; by default that itself.
 */
export function checkedMachine(host: Host, memory: CheckedMemory, seen: Memory = memory): Machine {
  const { pointerBytes } = host.host;
  memory.seal();
  return {
    ...host,
    memory: seen,
    hlist: hlistIn(seen, pointerBytes),
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
    updateIrte(table, irte, word0, word1, word2, word3) {
      const { start, end } = host.irtes;
      const isEntry = irte >= start && irte < end && (irte - start) % IRTE_WORDS === 0;
      if (!isEntry) {
        memory.reportForeign('had updateIrte() write, as an entry,', irte);
        return;
      }
      if (table !== host.irqTableOf(irte)) {
        memory.reportForeign("had updateIrte() write, under another table's lock,", irte);
      }
      host.updateIrte(host.irqTableOf(irte), irte, word0, word1, word2, word3);
    },
  };
}
