// A small stream with every operation in it.
import { HOST_PRESETS } from '../../machine/host.js';
import type { OperationStream } from '../../workloads/stream/stream.js';
import { StreamBuilder } from '../../workloads/stream/stream-builder.js';

export const host = { ...HOST_PRESETS['v6.8'], iommus: 2, hashBits: 4, heap: 'packed' as const };

/** Two VMs whose vCPUs run, halt, are interrupted and woken, over and over; irqs move between vCPUs. */
export function halt(): OperationStream {
  const builder = new StreamBuilder(host);
  const devices = [builder.addDevice(), builder.addDevice()];
  const vms = [builder.createVm(2), builder.createVm(2)];
  for (let round = 0; round < 8; round++) {
    for (const { firstVcpu } of vms) {
      const irqs = devices.map((device) => builder.allocIrq(device));
      for (const [place, irq] of irqs.entries()) builder.route(irq, firstVcpu + place, 0x30 + round);
      builder.load(firstVcpu, round);
      builder.put(firstVcpu, true);
      for (const irq of irqs) {
        builder.interrupt(irq);
        builder.drainGaLog(builder.iommuOf(irq));
        builder.route(irq, firstVcpu, 0x50);
        builder.unroute(irq);
        builder.freeIrq(irq);
      }
    }
  }
  return builder.finishHistory();
}
