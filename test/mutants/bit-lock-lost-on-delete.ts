import sound from '../../strategies/bucket-lock-hash.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-bit-lock-lost-on-delete',
  title: 'Mutant: an unroute of the first node of a bucket drops the lock bit with it',
  summary:
    'The delete writes the next node to the head and forgets that bit 0 is the lock, which is then free too early.',
  source: 'Of our own making: __hlist_bl_del() without LIST_BL_LOCKMASK.',
  create(machine) {
    const { hlist, hlistBl } = machine;
    return sound.create({ ...machine, hlistBl: { ...hlistBl, del: hlist.del } });
  },
};

export default mutant;
