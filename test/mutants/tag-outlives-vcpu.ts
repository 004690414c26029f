import sound from '../../strategies/pointer-as-tag.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-tag-outlives-vcpu',
  title: 'Mutant: a vCPU is freed while the GA log may name it',
  summary:
    'destroyVm does not drain the logs, so that an entry which is read later wakes a vCPU that is gone.',
  source: 'Of our own making: the lifetime that a pointer as tag asks for.',
  create: (machine) => sound.create({ ...machine, drainGaLog: () => {} }),
};

export default mutant;
