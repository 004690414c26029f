import sound from '../../strategies/merged-6.17.js';
import type { Strategy } from '../../strategies/strategy.js';
import { mergedParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-log-off-when-routed-to-blocked',
  title: 'Mutant: a route to a blocked vCPU does not ask for the GA log',
  summary: 'Only a put turns ga_log_intr on, so an irq that is routed to a blocked vCPU wakes nobody.',
  source: 'Of our own making: the other half of what b03500f03ea0 has to get right.',
  create(machine) {
    const operations = sound.create(machine);
    const { irData, amend } = mergedParts(machine);
    return {
      ...operations,
      route(irq, vcpu, vector) {
        operations.route(irq, vcpu, vector);
        amend(irq, (entry) => irData.setGaLogIntr(entry, false));
      },
    };
  },
};

export default mutant;
