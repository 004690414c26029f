import { layoutOf } from '../../machine/layout.js';
import sound from '../../strategies/ir-data-pointer.js';
import { SVM_IRQ } from '../../strategies/parts/ir-list.js';
import type { Strategy } from '../../strategies/strategy.js';
import { keptPointerParts } from './parts/kept-pointer.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-posted-on-no-list',
  title: 'Mutant: an entry is in guest mode and on no list',
  summary: 'SVM goes on as if the driver had returned no ir_data: is_run never follows the vCPU.',
  source:
    'N10: 71d6b3b8e69d. The driver of the model always returns ir_data, so the mutant takes the irq off its list.',
  create(machine) {
    const operations = sound.create(machine);
    const { irqs } = keptPointerParts(machine);
    const { vcpuList } = layoutOf('svm_irq', SVM_IRQ, machine.host.pointerBytes).at;
    return {
      ...operations,
      route(irq, vcpu, vector) {
        operations.route(irq, vcpu, vector);
        irqs.lock(vcpu);
        machine.list.del(irq + vcpuList);
        machine.list.init(irq + vcpuList);
        irqs.unlock(vcpu);
      },
    };
  },
};

export default mutant;
