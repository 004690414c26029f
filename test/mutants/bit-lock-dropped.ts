import sound from '../../strategies/bucket-lock-hash.js';
import type { Strategy } from '../../strategies/strategy.js';
import { NO_LOCKING, relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-bit-lock-dropped',
  title: 'Mutant: a load walks its bucket without the lock bit',
  summary: 'Alone it does what it should. A route of another CPU changes the bucket under the walk.',
  source: 'Of our own making: a lock dropped.',
  create(machine) {
    const { sound: operations, relocked } = relockable(sound, machine);
    return { ...operations, load: relocked(NO_LOCKING).load };
  },
};

export default mutant;
