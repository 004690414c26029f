import { z } from 'zod';
import { FIRST_DEVICE_VECTOR, type StreamBuilder } from '../stream/stream-builder.js';

/** Vectors that a guest has for devices: 0x20 to 0xef. */
const DEVICE_VECTORS = 0xd0;

/** The size of a fleet. */
export interface FleetParameters {
  readonly vms: number;
  readonly vcpusPerVm: number;
  readonly irqsPerVcpu: number;
  readonly devicesPerVm: number;
}

/** The schema of a fleet's parameters, with a workload's defaults. */
export function fleetSchema(defaults: FleetParameters) {
  return {
    vms: z.int().min(1).max(65_536).default(defaults.vms).meta({ description: 'VMs on the host.' }),
    vcpusPerVm: z.int().min(1).max(512).default(defaults.vcpusPerVm).meta({
      description: 'vCPUs of each VM.',
    }),
    irqsPerVcpu: z.int().min(0).max(2048).default(defaults.irqsPerVcpu).meta({
      description: 'IRTEs that post to each vCPU.',
    }),
    devicesPerVm: z.int().min(1).max(64).default(defaults.devicesPerVm).meta({
      description: 'Devices of each VM; the irqs of a vCPU are distributed over them in turn.',
    }),
  };
}

/** Operations of the window before it is closed. */
export const operationsSchema = (defaultOperations: number) =>
  z
    .int()
    .min(16)
    .max(1 << 24)
    .default(defaultOperations)
    .meta({
      description: 'Operations in the window, before those that close it.',
    });

/** Share of puts that are halts. */
export const haltShareSchema = (defaultShare: number) =>
  z.number().min(0).max(1).default(defaultShare).meta({
    description: 'Share of puts that are halts; the others are preemptions.',
  });

/** CPUs of the host. */
export const cpusSchema = (defaultCpus: number) =>
  z.int().min(1).max(1024).default(defaultCpus).meta({ description: 'CPUs that run vCPUs.' });

/** The VMs of a generated host, with their irqs. */
export interface Fleet {
  readonly vcpus: number;
  /** The irqs that post to each vCPU. */
  readonly irqsOf: readonly (readonly number[])[];
  /** The first vCPU of each VM; its other vCPUs follow. */
  readonly firstVcpuOfVm: readonly number[];
}

/** A vector for the n-th irq of a vCPU. Vectors repeat only if there are more irqs than vectors. */
export function vectorFor(irqOfVcpu: number): number {
  return FIRST_DEVICE_VECTOR + (irqOfVcpu % DEVICE_VECTORS);
}

/** A VM of a generated host. */
export interface StartedVm {
  readonly vm: number;
  readonly firstVcpu: number;
  /** The irqs that post to each of its vCPUs. */
  readonly irqsOf: readonly (readonly number[])[];
}

/** Creates a VM with irqs of these devices, and routes every irq. */
export function startVm(
  builder: StreamBuilder,
  vcpus: number,
  irqsPerVcpu: number,
  devices: readonly number[],
): StartedVm {
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

/** Creates equal VMs, each with its own devices, and routes every irq. */
export function createFleet(
  builder: StreamBuilder,
  { vms, vcpusPerVm, irqsPerVcpu, devicesPerVm }: FleetParameters,
): Fleet {
  const irqsOf: (readonly number[])[] = [];
  const firstVcpuOfVm: number[] = [];
  for (let vm = 0; vm < vms; vm++) {
    const devices = Array.from({ length: devicesPerVm }, () => builder.addDevice());
    const started = startVm(builder, vcpusPerVm, irqsPerVcpu, devices);
    firstVcpuOfVm.push(started.firstVcpu);
    irqsOf.push(...started.irqsOf);
  }
  return { vcpus: vms * vcpusPerVm, irqsOf, firstVcpuOfVm };
}
