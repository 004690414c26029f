import { z } from 'zod';
import { interruptAndDrain, onPinnedFleet, type StartedVm, startVm } from './parts/fleet.js';
import { fleetSchema, haltShareSchema, operationsSchema, share, wholeNumber } from './parts/parameters.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 64, vcpusPerVm: 2, irqsPerVcpu: 2, devicesPerVm: 2 }),
  operations: operationsSchema(32_768),
  slots: wholeNumber(1, 1024, 16).describe(
    'Most short-lived VMs at a time. Each slot has CPUs and devices, which its VMs use in turn.',
  ),
  churnShare: share(0.05).describe('Share of steps that start or end a short-lived VM.'),
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
  generate: onPinnedFleet((fleet, parameters) => {
    const { builder, random, vcpus, irqsOf } = fleet;
    const { vcpusPerVm, irqsPerVcpu, devicesPerVm, churnShare, haltShare } = parameters;
    const slots = Array.from({ length: parameters.slots }, () => ({
      devices: Array.from({ length: devicesPerVm }, () => builder.addDevice()),
      guest: null as StartedVm | null,
    }));

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
    function turn(vcpu: number, cpu: number, irqs: readonly number[] | undefined): void {
      if (!builder.isRunning(vcpu)) {
        builder.load(vcpu, cpu);
        return;
      }
      const halts = random.chance(haltShare);
      builder.put(vcpu, halts);
      if (halts) interruptAndDrain(fleet, irqs);
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
      if (guest !== null && random.chance(0.5)) {
        turn(guest.firstVcpu + index, vcpus + place * vcpusPerVm + index, guest.irqsOf[index]);
      } else {
        const vcpu = random.below(vcpus);
        turn(vcpu, vcpu, irqsOf[vcpu]);
      }
    }
    for (const slot of slots) if (slot.guest !== null) end(slot, slot.guest);
  }),
};
