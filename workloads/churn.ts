import { z } from 'zod';
import { randomFrom } from '../machine/random.js';
import {
  createFleet,
  fleetSchema,
  haltShareSchema,
  operationsSchema,
  type StartedVm,
  startVm,
} from './parts/fleet.js';
import { interruptAndDrain } from './parts/wake.js';
import { StreamBuilder } from './stream/stream-builder.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 64, vcpusPerVm: 2, irqsPerVcpu: 2, devicesPerVm: 2 }),
  operations: operationsSchema(32_768),
  slots: z.int().min(1).max(1024).default(16).meta({
    description: 'Most short-lived VMs at a time. Each slot has CPUs and devices, which its VMs use in turn.',
  }),
  churnShare: z.number().min(0).max(1).default(0.05).meta({
    description: 'Share of steps that start or end a short-lived VM.',
  }),
  haltShare: haltShareSchema(0.5),
});

/**
 * The last 255 ids of a counter of 24 bits, and of any narrower one: with 8 bits these are all ids. A window creates more
 * VMs than that.
 */
const FIRST_VM_ID = 2 ** 24 - 255;

/** VMs come and go beside others that stay. */
export const churn: Workload<z.infer<typeof schema>> = {
  id: 'churn',
  description:
    'A host for functions or CI jobs. 64 VMs stay, and up to 16 short-lived ones come and go beside them, hundreds in ' +
    'a window. A short-lived VM takes over a slot of CPUs and devices, runs, and is destroyed. The host has run for ' +
    'so long that counted vm_ids wrap.',
  favours:
    'Designs with a cheap route and unroute: each short-lived VM has its irqs posted, and returns them.',
  penalises:
    'Designs with 8 bits for the vm_id, which soon give two VMs the same tags. A counter that has wrapped looks up each ' +
    'new id in the VM table.',
  host: { firstVmId: FIRST_VM_ID },
  schema,
  generate(parameters, seed, host) {
    const random = randomFrom(seed);
    const builder = new StreamBuilder(host);
    const { vcpusPerVm, irqsPerVcpu, devicesPerVm, churnShare, haltShare } = parameters;
    const { vcpus, irqsOf } = createFleet(builder, parameters);
    const slots = Array.from({ length: parameters.slots }, () => ({
      devices: Array.from({ length: devicesPerVm }, () => builder.addDevice()),
      guest: null as StartedVm | null,
    }));
    for (let vcpu = 0; vcpu < vcpus; vcpu++) builder.load(vcpu, vcpu);
    builder.beginWindow();

    /** Ends a VM. Each GA log was read after each interrupt, so that no entry outlives the VM. */
    function end(slot: (typeof slots)[number], { vm, irqsOf: irqs }: StartedVm): void {
      for (const irq of irqs.flat()) {
        builder.unroute(irq);
        builder.freeIrq(irq);
      }
      builder.destroyVm(vm);
      slot.guest = null;
    }

    /** Takes a vCPU off its CPU, or loads it there. After a halt a device interrupts it, and the driver reads the log. */
    function turn(vcpu: number, cpu: number, irqs: readonly number[]): void {
      if (!builder.isRunning(vcpu)) {
        builder.load(vcpu, cpu);
        return;
      }
      const halts = random.chance(haltShare);
      builder.put(vcpu, halts);
      if (halts) interruptAndDrain(builder, random, irqs);
    }

    while (builder.windowOperations < parameters.operations) {
      const place = random.below(slots.length);
      const slot = slots[place] as (typeof slots)[number];
      const { guest } = slot;
      if (random.chance(churnShare)) {
        if (guest === null) slot.guest = startVm(builder, vcpusPerVm, irqsPerVcpu, slot.devices);
        else end(slot, guest);
        continue;
      }
      const index = random.below(vcpusPerVm);
      const isGuests = guest !== null && random.chance(0.5);
      if (isGuests) {
        turn(
          guest.firstVcpu + index,
          vcpus + place * vcpusPerVm + index,
          guest.irqsOf[index] as readonly number[],
        );
      } else {
        const vcpu = random.below(vcpus);
        turn(vcpu, vcpu, irqsOf[vcpu] as readonly number[]);
      }
    }
    for (const slot of slots) if (slot.guest !== null) end(slot, slot.guest);
    return { stream: builder.finish() };
  },
};
