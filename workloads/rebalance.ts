import { z } from 'zod';
import { onPinnedFleet, vectorFor } from './parts/fleet.js';
import { fleetSchema, operationsSchema, share } from './parts/parameters.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 32, vcpusPerVm: 8, irqsPerVcpu: 4, devicesPerVm: 2 }),
  operations: operationsSchema(16_384),
  moveShare: share(0.6).describe('Share of steps that move an irq to a vCPU of its VM, with another vector.'),
  unrouteShare: share(0.1).describe(
    'Share of steps that return an irq to the host, or post it again if it was returned.',
  ),
});

/** Guests that move their interrupts about. */
export const rebalance: Workload<z.infer<typeof schema>> = {
  id: 'rebalance',
  description:
    'Guests that run irqbalance or restart their drivers. Irqs move from vCPU to vCPU, get new vectors, and are ' +
    'masked and unmasked, which in guest mode unroutes and routes them. Loads and puts go on in between.',
  favours: 'Any design with an O(1) insert and delete.',
  penalises: 'v4.9, which allocates a node and searches a list at each move.',
  schema,
  generate: onPinnedFleet(({ builder, random, vcpus, irqsOf, firstVcpuOfVm }, parameters) => {
    const { vcpusPerVm, moveShare, unrouteShare } = parameters;
    const irqs = irqsOf.flat();
    const irqsOfVm = vcpusPerVm * parameters.irqsPerVcpu;

    function move(irq: number): void {
      const vm = Math.floor(irq / irqsOfVm);
      const vcpu = (firstVcpuOfVm[vm] as number) + random.below(vcpusPerVm);
      builder.route(irq, vcpu, vectorFor(random.below(irqsOfVm)));
    }

    while (builder.windowOperations < parameters.operations) {
      const draw = random.below(1 << 20) / (1 << 20);
      if (irqs.length > 0 && draw < moveShare + unrouteShare) {
        const irq = random.pick(irqs);
        if (draw < unrouteShare && builder.routedTo(irq) !== -1) builder.unroute(irq);
        else move(irq);
        continue;
      }
      const vcpu = random.below(vcpus);
      if (builder.isRunning(vcpu)) builder.put(vcpu, random.chance(0.5));
      else builder.load(vcpu, vcpu);
    }
  }),
};
