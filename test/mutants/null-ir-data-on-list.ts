import { layoutOf } from '../../machine/layout.js';
import { NULL, WORD_BYTES } from '../../machine/memory.js';
import sound from '../../strategies/ir-data-pointer.js';
import { SVM_IRQ } from '../../strategies/parts/ir-list.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-null-ir-data-on-list',
  title: 'Mutant: a NULL ir_data is put on the list',
  summary:
    'An unroute clears the ir_data pointer that SVM keeps, and the next route lists the irq like that.',
  source: 'B8.',
  create(machine) {
    const { memory } = machine;
    const operations = sound.create(machine);
    const { irData } = layoutOf('svm_irq', SVM_IRQ, machine.host.pointerBytes).at;
    // An irq is a pair here: the sound strategy's irq, and its ir_data, which the driver knows without SVM.
    const pairs = machine.kmemCache(2 * machine.host.pointerBytes);
    const ofDriver = machine.host.pointerBytes / WORD_BYTES;

    /** Runs an operation with the ir_data that the driver knows. Afterwards SVM's pointer is restored, or NULL. */
    function asDriver(pair: number, clears: boolean, operation: (irq: number) => void): void {
      const irq = memory.load(pair);
      const kept = memory.load(irq + irData);
      memory.store(irq + irData, memory.load(pair + ofDriver));
      operation(irq);
      memory.store(irq + irData, clears ? NULL : kept);
    }

    return {
      ...operations,
      allocIrq(number, devid) {
        const irq = operations.allocIrq(number, devid);
        const pair = pairs.alloc();
        memory.store(pair, irq);
        memory.store(pair + ofDriver, memory.load(irq + irData));
        return pair;
      },
      freeIrq(pair) {
        const irq = memory.load(pair);
        memory.store(irq + irData, memory.load(pair + ofDriver));
        operations.freeIrq(irq);
        pairs.free(pair);
      },
      route: (pair, vcpu, vector) => asDriver(pair, false, (irq) => operations.route(irq, vcpu, vector)),
      unroute: (pair) => asDriver(pair, true, operations.unroute),
    };
  },
};

export default mutant;
