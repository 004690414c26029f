import { z } from 'zod';
import { onFleet } from './parts/fleet.js';
import { cpusSchema, fleetSchema, haltShareSchema, operationsSchema } from './parts/parameters.js';
import { switchAtRandom } from './parts/run-queue.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 128, vcpusPerVm: 16, irqsPerVcpu: 1, devicesPerVm: 1 }),
  cpus: cpusSchema(256),
  operations: operationsSchema(32_768),
  haltShare: haltShareSchema(0.3),
});

/** More vCPUs than CPUs. */
export const overcommit: Workload<z.infer<typeof schema>> = {
  id: 'overcommit',
  description:
    'An overcommitted host: 128 VMs of 16 vCPUs share 256 CPUs, eight vCPUs to a CPU. Most puts are preemptions, ' +
    'and a vCPU comes back on any free CPU, so nearly every load changes the destination.',
  favours: 'Nothing in particular: each vCPU has one entry, and the host has 2,048.',
  penalises:
    'Designs without a tag compare: with the v4.7 hash and 16-bit tags, vCPUs such as (vm 4, vcpu 15) and ' +
    '(vm 116, vcpu 0) share a bucket.',
  schema,
  generate: onFleet(switchAtRandom),
};
