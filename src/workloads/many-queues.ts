import { z } from 'zod';
import { cpusSchema, createFleet, fleetSchema, operationsSchema } from './fleet.js';
import { randomFrom } from './random.js';
import { RunQueue } from './run-queue.js';
import { StreamBuilder } from './stream-builder.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 16, vcpusPerVm: 4, irqsPerVcpu: 64, devicesPerVm: 4 }),
  cpus: cpusSchema(48),
  operations: operationsSchema(8192),
});

/** Many IRTEs on each vCPU. */
export const manyQueues: Workload<z.infer<typeof schema>> = {
  id: 'many-queues',
  story:
    'Storage and network appliances: 16 VMs of 4 vCPUs, each vCPU with 64 queue interrupts from four devices. Every ' +
    'load and put has 64 entries to write.',
  favours:
    "Designs that reach a vCPU's entries in few cache lines each; the fixed cost of a look-up disappears.",
  disadvantages:
    'The hash designs in their buckets: 64 entries of one tag are one chain, spread over four IOMMUs. And v4.9, ' +
    'whose delete searches the list, whenever an irq moves (not in this window).',
  schema,
  generate(parameters, seed, host) {
    const random = randomFrom(seed);
    const builder = new StreamBuilder(host);
    const { vcpus } = createFleet(builder, parameters);
    const queue = new RunQueue(builder, random, vcpus, parameters.cpus);
    queue.dispatchAll();
    builder.beginWindow();
    while (builder.windowOperations < parameters.operations) {
      const cpu = random.below(parameters.cpus);
      queue.deschedule(cpu, random.chance(0.5));
      queue.dispatch(cpu);
    }
    return { stream: builder.finish() };
  },
};
