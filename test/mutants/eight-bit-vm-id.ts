import sound from '../../strategies/split-id-hash.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-eight-bit-vm-id',
  title: 'Mutant: 8 bits of the vm_id, for any number of VMs',
  summary:
    'The tag has 8 bits for a vm_id that is counted up and never checked for use, and no limit says so.',
  source: 'B2: the patch as posted in July 2016.',
  // The bug is the missing limit: the sound strategy declares that VM 257 aliases VM 1.
  limits: sound.limits.filter(({ kind }) => kind !== 'max-vm-id'),
};

export default mutant;
