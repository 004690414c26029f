import type { Random } from '../../machine/random.js';
import type { StreamBuilder } from '../stream/stream-builder.js';

/** A device raises one of a vCPU's irqs, and the driver reads the GA log. Without an irq nothing happens. */
export function interruptAndDrain(builder: StreamBuilder, random: Random, irqs: readonly number[]): void {
  if (irqs.length === 0) return;
  const irq = random.pick(irqs);
  builder.interrupt(irq);
  builder.drainGaLog(builder.iommuOf(irq));
}
