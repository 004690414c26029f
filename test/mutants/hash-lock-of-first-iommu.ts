import sound from '../../strategies/opaque-tag-hash.js';
import type { Strategy } from '../../strategies/strategy.js';
import { relockable } from './parts/relocked.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-hash-lock-of-first-iommu',
  title: "Mutant: a route takes the hash lock of the first IOMMU for every IOMMU's table",
  summary:
    'The table is right and the lock belongs to another table, so updates walk a bucket while it changes.',
  source: 'Of our own making: a lock misplaced.',
  create(machine) {
    const { memory } = machine;
    const { sound: operations, relocked, table } = relockable(sound, machine);
    const first = table('gatag_hash_0');
    const { route } = relocked({ lock: () => memory.lock(first), unlock: () => memory.unlock(first) });
    return { ...operations, route };
  },
};

export default mutant;
