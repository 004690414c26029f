import type { IrteWriter } from '../../machine/irq-tables.js';
import { GA_LOG_INTR, GUEST_MODE } from '../../machine/irte.js';
import sound from '../../strategies/merged-4.9.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-log-never-on',
  title: 'Mutant: an entry that enters guest mode does not ask for the GA log',
  summary: 'ga_log_intr is never set, so a blocked vCPU sleeps on.',
  source: 'N3: v4.9, fixed in 2017.',
  create(machine) {
    const withoutLog =
      (write: IrteWriter): IrteWriter =>
      (table, irte, word0, ...others) =>
        write(table, irte, (word0 & GUEST_MODE) === 0 ? word0 : word0 & ~GA_LOG_INTR, ...others);
    return sound.create({
      ...machine,
      updateIrte: withoutLog(machine.updateIrte),
      modifyIrte: withoutLog(machine.modifyIrte),
    });
  },
};

export default mutant;
