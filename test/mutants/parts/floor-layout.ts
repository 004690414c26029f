// The layouts of the floor a second time: a vCPU's array, and an irq's index in it.
import { layoutOf } from '../../../machine/layout.js';
import type { Machine } from '../../../machine/machine.js';
import { IRQ, VCPU_ARRAY } from '../../../strategies/floor.js';
import { vmsIn } from '../../../strategies/parts/vm.js';

/** Offsets in a vCPU and in an irq of the floor. */
export const floorLayout = (machine: Machine) => ({
  vcpu: vmsIn(machine, VCPU_ARRAY).vcpu,
  irq: layoutOf('irq', IRQ, machine.host.pointerBytes).at,
});
