// The layouts of the floor a second time: a vCPU's arrays, and an irq's index in them.
import { layoutOf } from '../../../machine/layout.js';
import type { Machine } from '../../../machine/machine.js';
import { vmsIn } from '../../../strategies/parts/vm.js';

/** Offsets in a vCPU and in an irq of the floor. */
export function floorLayout(machine: Machine) {
  const arrays = {
    gaTag: 'u32',
    irteCount: 'u32',
    capacity: 'u32',
    irtes: 'pointer',
    irqs: 'pointer',
  } as const;
  const irq = { irte: 'pointer', cfg: 'pointer', vcpu: 'pointer', index: 'u32' } as const;
  return { vcpu: vmsIn(machine, arrays).vcpu, irq: layoutOf('irq', irq, machine.host.pointerBytes).at };
}
