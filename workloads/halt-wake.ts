import { z } from 'zod';
import { interruptAndDrain, onPinnedFleet } from './parts/fleet.js';
import { fleetSchema, operationsSchema, share } from './parts/parameters.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 100, vcpusPerVm: 2, irqsPerVcpu: 2, devicesPerVm: 2 }),
  operations: operationsSchema(32_768),
  doorbellShare: share(0.2).describe(
    'Share of steps in which an interrupt meets a running vCPU instead of a halted one.',
  ),
  preemptedShare: share(0.2).describe(
    'Share of puts in which the vCPU is preempted, not halted: it needs no wakeup.',
  ),
});

/** vCPUs that halt and are woken by their devices. */
export const haltWake: Workload<z.infer<typeof schema>> = {
  id: 'halt-wake',
  description:
    'I/O-bound guests on pinned vCPUs. A vCPU halts. An interrupt finds it not running and goes to the GA log. ' +
    'The driver reads the log and wakes the vCPU, which is loaded again. Some vCPUs are preempted instead of halted. ' +
    'They need no wakeup, and whether one is sent depends on the GA log policy.',
  favours: 'pointer-as-tag, whose wakeup is a cast.',
  penalises: 'Designs with ids: each wakeup takes the lock of the VM table and walks a bucket.',
  schema,
  generate: onPinnedFleet((fleet, parameters) => {
    const { builder, random, vcpus, irqsOf } = fleet;
    while (builder.windowOperations < parameters.operations) {
      const vcpu = random.below(vcpus);
      const irqs = irqsOf[vcpu] as readonly number[];
      if (irqs.length > 0 && random.chance(parameters.doorbellShare)) {
        builder.interrupt(random.pick(irqs));
        continue;
      }
      builder.put(vcpu, !random.chance(parameters.preemptedShare));
      interruptAndDrain(fleet, irqs);
      builder.load(vcpu, vcpu);
    }
  }),
};
