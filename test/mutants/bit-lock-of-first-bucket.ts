import sound from '../../strategies/bucket-lock-hash.js';
import type { Strategy } from '../../strategies/strategy.js';
import { NO_LOCKING, relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-bit-lock-of-first-bucket',
  title: 'Mutant: a put takes the lock bit of the first bucket',
  summary: 'The bucket is right and the lock belongs to another, so the put walks a bucket while it changes.',
  source: 'Of our own making: a lock misplaced.',
  create(machine) {
    const { memory } = machine;
    const { sound: operations, relocked, table } = relockable(sound, machine);
    const first = table('gatag_hash');
    const { put } = relocked({
      ...NO_LOCKING,
      lockBit: () => memory.lockBit(first),
      unlockBit: () => memory.unlockBit(first),
    });
    return { ...operations, put };
  },
};

export default mutant;
