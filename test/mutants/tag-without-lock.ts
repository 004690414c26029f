import sound from '../../strategies/indexed-tag.js';
import type { Strategy } from '../../strategies/strategy.js';
import { NO_LOCKING, relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-tag-without-lock',
  title: "Mutant: a vCPU's index is taken from the xarray without its lock",
  summary: 'Two vCPUs that are created at the same time may get the same tag.',
  source: 'Of our own making: a lock dropped.',
  create(machine) {
    const { sound: operations, relocked } = relockable(sound, machine);
    return { ...operations, createVm: relocked(NO_LOCKING).createVm };
  },
};

export default mutant;
