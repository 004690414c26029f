import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-vcpu-id-bit-dropped',
  title: 'Mutant: 8 bits of the vCPU id, for ids up to 511',
  summary: 'Bit 8 of a vCPU id is lost in the tag, so a GA log entry of vCPU 256 + n wakes vCPU n.',
  source: 'B3, fixed by 5999715922c5.',
  // The bug is the declared limit: the sound strategy declares 255.
  limits: sound.limits.map((limit) => (limit.kind === 'max-vcpu-id' ? { ...limit, value: 511 } : limit)),
};

export default mutant;
