import { z } from 'zod';
import { onFleet } from './parts/fleet.js';
import { cpusSchema, fleetSchema, haltShareSchema, operationsSchema } from './parts/parameters.js';
import { switchAtRandom } from './parts/run-queue.js';
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
  description:
    'Storage and network appliances: 16 VMs of 4 vCPUs, and each vCPU has 64 queue interrupts from four devices. ' +
    'Every load and put writes 64 entries.',
  favours:
    'The hash designs: with 64 entries the fixed cost of a look-up matters little, and their bucket walk reads ' +
    'ir_data itself.',
  penalises:
    'The list designs, which read a list node for each entry before its ir_data. v4.9 also searches the list ' +
    'whenever an irq moves, but no irq moves in this window.',
  schema,
  generate: onFleet(switchAtRandom),
};
