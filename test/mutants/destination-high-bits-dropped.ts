import sound from '../../strategies/ir-data-pointer.js';
import { runWord0 } from '../../strategies/parts/entry.js';
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
    const { irData, editWord0, loadAndPutWith } = keptPointerParts(machine);
    const { load } = loadAndPutWith((irq, cpu) => {
      editWord0(irq, (word0) => runWord0(word0, cpu));
      irData.commit(irq);
    });
    return { ...sound.create(machine), load };
  },
};

export default mutant;
