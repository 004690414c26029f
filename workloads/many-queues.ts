import { z } from 'zod';
import { randomFrom } from '../machine/random.js';
import { cpusSchema, createFleet, fleetSchema, haltShareSchema, operationsSchema } from './parts/fleet.js';
import { switchAtRandom } from './parts/run-queue.js';
import { StreamBuilder } from './stream/stream-builder.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 16, vcpusPerVm: 4, irqsPerVcpu: 64, devicesPerVm: 4 }),
  cpus: cpusSchema(48),
  operations: operationsSchema(9216),
  haltShare: haltShareSchema(0.5),
});

/** Many IRTEs on each vCPU. */
export const manyQueues: Workload<z.infer<typeof schema>> = {
  id: 'many-queues',
  story:
    'Storage and network appliances: 16 VMs of 4 vCPUs, each vCPU with 64 queue interrupts from four devices. Every ' +
    'load and put has 64 entries to write.',
  favours:
    'The hash designs: among 64 entries the fixed cost of a look-up disappears, and their chain runs through ir_data ' +
    'itself.',
  disadvantages:
    'The list designs, which read a node of their own for each entry before they come to its ir_data. And v4.9 ' +
    'whenever an irq moves, since its delete searches the list (not in this window).',
  schema,
  generate(parameters, seed, host) {
    const random = randomFrom(seed);
    const builder = new StreamBuilder(host);
    const { vcpus } = createFleet(builder, parameters);
    switchAtRandom(builder, random, vcpus, parameters);
    return { stream: builder.finish() };
  },
};
