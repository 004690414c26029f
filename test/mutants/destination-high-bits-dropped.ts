import { withDestinationLo } from '../../machine/irte.js';
import sound from '../../strategies/ir-data-pointer.js';
import { NO_CPU } from '../../strategies/parts/entry.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-destination-high-bits-dropped',
  title: 'Mutant: a load never writes hi 63:56',
  summary:
    'The high 8 bits of the destination keep the value of the route, so APIC ids of 2^24 and above are wrong.',
  source: 'Of our own making: the destination of 2016 had no high part.',
  create(machine) {
    const { memory } = machine;
    const { irData, loadAndPutWith } = keptPointerParts(machine);
    const { load } = loadAndPutWith((irq, cpu) => {
      const entry = memory.load(irq + irData.at.entry);
      irData.setRunState(irq, NO_CPU, true);
      memory.store(entry, withDestinationLo(memory.load(entry), cpu));
      irData.commit(irq);
    });
    return { ...sound.create(machine), load };
  },
};

export default mutant;
