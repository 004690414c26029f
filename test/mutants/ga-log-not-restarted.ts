import { layoutOf } from '../../machine/layout.js';
import sound from '../../strategies/ir-data-pointer.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-ga-log-not-restarted',
  title: 'Mutant: the GA log is not restarted after an overflow',
  summary: 'The driver reads the log and leaves the overflow flag set, so nothing is logged again.',
  source: 'B13, fixed by af47b0a24058.',
  create(machine) {
    const { memory, drainGaLog } = machine;
    const at = layoutOf(
      'amd_iommu',
      { gaLog: 'pointer', gaLogHead: 'u32', gaLogTail: 'u32', gaLogOverflow: 'u32' },
      machine.host.pointerBytes,
    ).at;
    // The harness calls the handler of the machine itself, so the mutant replaces it there.
    Object.assign(machine, {
      drainGaLog(iommu: number): void {
        const overflow = memory.load(iommu + at.gaLogOverflow);
        drainGaLog(iommu);
        if (overflow !== 0) memory.store(iommu + at.gaLogOverflow, overflow);
      },
    });
    return sound.create(machine);
  },
};

export default mutant;
