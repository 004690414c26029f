import sound from '../../strategies/pointer-as-tag.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-tag-outlives-vcpu',
  title: 'Mutant: a vCPU is freed while the GA log may name it',
  summary: 'destroyVm does not drain the logs, so an entry that is read later wakes a freed vCPU.',
  source: 'Of our own making: a pointer as the tag needs this drain.',
  create: (machine) => sound.create({ ...machine, drainGaLog: () => {} }),
};

export default mutant;
