import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-free-wrong-bytes',
  title: 'Mutant: kfree is told one byte less than kmalloc was',
  summary:
    "A VM's array of vCPUs is freed with a size of one byte less. Both sizes have the same size class, so nothing " +
    'else goes wrong.',
  source: 'Of our own making: off by one.',
  create: (machine) =>
    sound.create({ ...machine, kfree: (address, bytes) => machine.kfree(address, bytes - 1) }),
};

export default mutant;
