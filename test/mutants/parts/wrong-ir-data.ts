// ir-data-pointer with an ir_data pointer that goes wrong when an irq is routed or unrouted. The driver of the model always
// returns the right one, so an irq is a pair here: the sound strategy's irq, and its ir_data as the driver knows it.
import { layoutOf } from '../../../machine/layout.js';
import type { Machine } from '../../../machine/machine.js';
import { type Address, WORD_BYTES } from '../../../machine/memory.js';
import sound from '../../../strategies/ir-data-pointer.js';
import { SVM_IRQ } from '../../../strategies/parts/ir-list.js';
import type { Hypervisor } from '../../../strategies/strategy.js';

/** @param kept - What SVM keeps after an operation, if the pointer was `before` until then. */
export function withWrongIrData(
  machine: Machine,
  kept: (operation: 'route' | 'unroute', before: Address) => Address,
): Hypervisor {
  const { memory } = machine;
  const operations = sound.create(machine);
  const { irData } = layoutOf('svm_irq', SVM_IRQ, machine.host.pointerBytes).at;
  const pairs = machine.kmemCache(2 * machine.host.pointerBytes);
  const ofDriver = machine.host.pointerBytes / WORD_BYTES;

  function asDriver(operation: 'route' | 'unroute', pair: Address, run: (irq: Address) => void): void {
    const irq = memory.load(pair);
    const before = memory.load(irq + irData);
    memory.store(irq + irData, memory.load(pair + ofDriver));
    run(irq);
    memory.store(irq + irData, kept(operation, before));
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
    route: (pair, vcpu, vector) => asDriver('route', pair, (irq) => operations.route(irq, vcpu, vector)),
    unroute: (pair) => asDriver('unroute', pair, operations.unroute),
  };
}
