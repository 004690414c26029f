import sound from '../../strategies/merged-6.17.js';
import { loadAndPut } from '../../strategies/parts/load-and-put.js';
import type { Strategy } from '../../strategies/strategy.js';
import { mergedParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-failing-update-ends-walk',
  title: 'Mutant: a failing update ends the walk',
  summary:
    'A load or put leaves the rest of the list as it was once the update of one entry reports a failure.',
  source: 'B16, fixed by 48f79c6c86b3.',
  create(machine) {
    const { svm, irData, irqs } = mergedParts(machine);

    // No update of the model fails. Here the updates of odd IRTE indices report a failure after their write.
    const reportsFailure = (entry: number): boolean =>
      ((machine.memory.load(entry + irData.at.irq2Irte) >>> 16) & 1) === 1;

    function updateAll(vcpu: number, cpu: number, gaLogIntr: boolean): void {
      const end = irqs.end(vcpu);
      for (let irq = irqs.first(vcpu); irq !== end; irq = irqs.next(irq)) {
        const entry = irqs.irDataOf(irq);
        irData.setRunState(entry, cpu);
        irData.setGaLogIntr(entry, gaLogIntr);
        irData.commit(entry);
        if (reportsFailure(entry)) return;
      }
    }

    return { ...sound.create(machine), ...loadAndPut(irqs, svm, updateAll) };
  },
};

export default mutant;
