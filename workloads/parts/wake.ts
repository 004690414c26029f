import type { Random } from '../../machine/random.js';
import type { StreamBuilder } from '../stream/stream-builder.js';

/** A device interrupts a vCPU through one of its irqs, and the driver reads the log; nothing if it has no irq. */
export function interruptAndDrain(builder: StreamBuilder, random: Random, irqs: readonly number[]): void {
  if (irqs.length === 0) return;
  const irq = random.pick(irqs);
  builder.interrupt(irq);
  builder.drainGaLog(builder.iommuOf(irq));
}
