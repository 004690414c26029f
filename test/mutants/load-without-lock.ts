import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { NO_LOCKING, relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-load-without-lock',
  title: "Mutant: a load walks its vCPU's list without the list's lock",
  summary: 'Alone it does what it should. A route or unroute of another CPU pulls the list from under it.',
  source: 'Of our own making: a lock dropped.',
  create(machine) {
    const { sound: operations, relocked } = relockable(sound, machine);
    return { ...operations, load: relocked(NO_LOCKING).load };
  },
};

export default mutant;
