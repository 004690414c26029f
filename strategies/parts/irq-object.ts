// SVM's side of an irq, which keeps the ir_data pointer.
import { type Fields, layoutOf } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import type { IrData } from './ir-data.js';

/**
 * @param struct - The name of the structure.
 * @param fields - The design's fields of it.
 */
export function irqObjectsIn<const F extends Fields & { readonly irData: 'pointer' }>(
  machine: Machine,
  struct: string,
  irData: Pick<IrData, 'alloc' | 'free'>,
  fields: F,
) {
  const { memory } = machine;
  const { name, bytes, at } = layoutOf(struct, fields, machine.host.pointerBytes);
  const cache = machine.kmemCache(bytes, name);
  const irDataOf = (irq: Address): Address => memory.load(irq + at.irData);
  return {
    at,
    irDataOf,
    alloc(number: number, devid: number): Address {
      const ofDriver = irData.alloc(number, devid);
      const irq = cache.alloc();
      memory.store(irq + at.irData, ofDriver);
      return irq;
    },
    free(irq: Address): void {
      irData.free(irDataOf(irq));
      cache.free(irq);
    },
  };
}
