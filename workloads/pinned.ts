import { z } from 'zod';
import { randomFrom } from '../machine/random.js';
import { createFleet, fleetSchema, haltShareSchema, operationsSchema } from './parts/fleet.js';
import { StreamBuilder } from './stream/stream-builder.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 64, vcpusPerVm: 4, irqsPerVcpu: 2, devicesPerVm: 2 }),
  operations: operationsSchema(16_384),
  haltShare: haltShareSchema(0.7),
});

/** vCPUs pinned one to a CPU. */
export const pinned: Workload<z.infer<typeof schema>> = {
  id: 'pinned',
  story:
    'A host that sells dedicated cores: 256 vCPUs, each pinned to a CPU of its own, with a NIC and an NVMe queue ' +
    'each. vCPUs leave their CPU when the guest is idle or the host does housekeeping, and always come back to it.',
  favours: 'Nothing in particular: two entries per vCPU are what most hosts have.',
  disadvantages: 'Designs that visit every IOMMU: a VM here has devices behind two of them.',
  schema,
  generate(parameters, seed, host) {
    const random = randomFrom(seed);
    const builder = new StreamBuilder(host);
    const { vcpus } = createFleet(builder, parameters);
    for (let vcpu = 0; vcpu < vcpus; vcpu++) builder.load(vcpu, vcpu);
    builder.beginWindow();
    while (builder.windowOperations < parameters.operations) {
      const vcpu = random.below(vcpus);
      if (builder.isRunning(vcpu)) builder.put(vcpu, random.chance(parameters.haltShare));
      else builder.load(vcpu, vcpu);
    }
    return { stream: builder.finish() };
  },
};
