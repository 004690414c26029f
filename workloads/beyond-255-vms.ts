import { z } from 'zod';
import { interruptAndDrain, onFleet } from './parts/fleet.js';
import { cpusSchema, fleetSchema, haltShareSchema, operationsSchema, share } from './parts/parameters.js';
import { switchAtRandom } from './parts/run-queue.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 300, vcpusPerVm: 2, irqsPerVcpu: 1, devicesPerVm: 1 }),
  cpus: cpusSchema(256),
  operations: operationsSchema(32_768),
  haltShare: haltShareSchema(0.5),
  interruptShare: share(0.25).describe(
    'Share of halts after which a device interrupts the vCPU and the GA log is read.',
  ),
});

/** More VMs than a vm_id of 8 bits can tell apart. */
export const beyond255Vms: Workload<z.infer<typeof schema>> = {
  id: 'beyond-255-vms',
  description:
    'A host of 300 small VMs with 2 vCPUs each, on 256 CPUs. If a vm_id is never reused, any host reaches these ' +
    'ids with its 300th VM creation since boot.',
  favours: 'Designs with wide tags, and the design without ids.',
  penalises:
    'Designs with 8 bits for the vm_id: VM 257 has the tag of VM 1, and each updates the entries of the other.',
  schema,
  generate: onFleet((fleet, parameters) =>
    switchAtRandom(fleet, parameters, (irqs) => {
      if (fleet.random.chance(parameters.interruptShare)) interruptAndDrain(fleet, irqs);
    }),
  ),
};
