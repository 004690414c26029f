import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';
import { NO_LOCKING, relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-wake-without-lock',
  title: 'Mutant: a wakeup looks its VM up without the lock of the VM table',
  summary: 'The handler of the GA log follows a bucket that another CPU may be taking a VM out of.',
  source: 'Of our own making: a lock dropped.',
  create(machine) {
    const { sound: operations, relocked } = relockable(sound, machine);
    return { ...operations, wake: relocked(NO_LOCKING).wake };
  },
};

export default mutant;
