import { z } from 'zod';
import { onPinnedFleet } from './parts/fleet.js';
import { fleetSchema, haltShareSchema, operationsSchema } from './parts/parameters.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 64, vcpusPerVm: 4, irqsPerVcpu: 2, devicesPerVm: 2 }),
  operations: operationsSchema(16_384),
  haltShare: haltShareSchema(0.7),
});

/** vCPUs pinned one to a CPU. */
export const pinned: Workload<z.infer<typeof schema>> = {
  id: 'pinned',
  description:
    'A host that sells dedicated cores. It has 256 vCPUs, each pinned to a CPU of its own, with one NIC queue ' +
    'and one NVMe queue. A vCPU leaves its CPU when the guest idles or the host does housekeeping, and always ' +
    'comes back to it.',
  favours: 'Nothing in particular: most hosts have two entries per vCPU.',
  penalises: 'Designs that visit every IOMMU: a VM here has devices behind only two of them.',
  schema,
  generate: onPinnedFleet(({ builder, random, vcpus }, { operations, haltShare }) => {
    while (builder.windowOperations < operations) {
      const vcpu = random.below(vcpus);
      if (builder.isRunning(vcpu)) builder.put(vcpu, random.chance(haltShare));
      else builder.load(vcpu, vcpu);
    }
  }),
};
