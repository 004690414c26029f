import type { HostParameters } from '../../machine/host.js';
import { type Random, randomFrom } from '../../machine/random.js';
import { FIRST_DEVICE_VECTOR, StreamBuilder } from '../stream/stream-builder.js';
import type { GeneratedStream } from '../workload.js';
import type { FleetParameters } from './parameters.js';

/** Vectors that a guest has for devices: 0x20 to 0xef. */
const DEVICE_VECTORS = 0xd0;

/** A generated host, what writes its stream, and what decides. */
export type Fleet = ReturnType<typeof createFleet> & {
  readonly builder: StreamBuilder;
  readonly random: Random;
};

/** A vector for the n-th irq of a vCPU. Vectors repeat only if there are more irqs than vectors. */
export function vectorFor(irqOfVcpu: number): number {
  return FIRST_DEVICE_VECTOR + (irqOfVcpu % DEVICE_VECTORS);
}

/** A VM of a generated host, with the irqs that post to each of its vCPUs. */
export type StartedVm = ReturnType<typeof startVm>;

/** Creates a VM with irqs of these devices, and routes every irq. */
export function startVm(
  builder: StreamBuilder,
  vcpus: number,
  irqsPerVcpu: number,
  devices: readonly number[],
) {
  const { vm, firstVcpu } = builder.createVm(vcpus);
  const irqsOf = Array.from({ length: vcpus }, (_, index) =>
    Array.from({ length: irqsPerVcpu }, (_, queue) => {
      const irq = builder.allocIrq(devices[queue % devices.length] as number);
      builder.route(irq, firstVcpu + index, vectorFor(queue));
      return irq;
    }),
  );
  return { vm, firstVcpu, irqsOf };
}

/**
 * Creates equal VMs, each with its own devices, and routes every irq.
 *
 * @returns The irqs that post to each vCPU, and the first vCPU of each VM; its other vCPUs follow.
 */
export function createFleet(
  builder: StreamBuilder,
  { vms, vcpusPerVm, irqsPerVcpu, devicesPerVm }: FleetParameters,
) {
  const started = Array.from({ length: vms }, () => {
    const devices = Array.from({ length: devicesPerVm }, () => builder.addDevice());
    return startVm(builder, vcpusPerVm, irqsPerVcpu, devices);
  });
  return {
    vcpus: vms * vcpusPerVm,
    irqsOf: started.flatMap(({ irqsOf }) => irqsOf),
    firstVcpuOfVm: started.map(({ firstVcpu }) => firstVcpu),
  };
}

/** A generator that creates a fleet, has it replayed by `run`, which begins the window, and closes the window. */
export function onFleet<P extends FleetParameters>(run: (fleet: Fleet, parameters: P) => void) {
  return (parameters: P, seed: number, host: HostParameters): GeneratedStream => {
    const builder = new StreamBuilder(host);
    run({ builder, random: randomFrom(seed), ...createFleet(builder, parameters) }, parameters);
    return { stream: builder.finish() };
  };
}

/** A generator like {@link onFleet} that begins the window with each vCPU on a CPU of its own. */
export const onPinnedFleet = <P extends FleetParameters>(run: (fleet: Fleet, parameters: P) => void) =>
  onFleet<P>((fleet, parameters) => {
    for (let vcpu = 0; vcpu < fleet.vcpus; vcpu++) fleet.builder.load(vcpu, vcpu);
    fleet.builder.beginWindow();
    run(fleet, parameters);
  });

/** A device raises one of a vCPU's irqs, and the driver reads the GA log. Without an irq nothing happens. */
export function interruptAndDrain({ builder, random }: Fleet, irqs: readonly number[] = []): void {
  if (irqs.length === 0) return;
  const irq = random.pick(irqs);
  builder.interrupt(irq);
  builder.drainGaLog(builder.iommuOf(irq));
}
