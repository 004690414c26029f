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

/** Creates equal VMs, each with its own devices, and routes every irq. */
export function createFleet(
  builder: StreamBuilder,
  { vms, vcpusPerVm, irqsPerVcpu, devicesPerVm }: FleetParameters,
): Fleet {
  const irqsOf: number[][] = [];
  const firstVcpuOfVm: number[] = [];
  for (let vm = 0; vm < vms; vm++) {
    const { firstVcpu } = builder.createVm(vcpusPerVm);
    firstVcpuOfVm.push(firstVcpu);
    const devices = Array.from({ length: devicesPerVm }, () => builder.addDevice());
    for (let vcpu = firstVcpu; vcpu < firstVcpu + vcpusPerVm; vcpu++) {
      const irqs: number[] = [];
      for (let queue = 0; queue < irqsPerVcpu; queue++) {
        const irq = builder.allocIrq(devices[queue % devicesPerVm] as number);
        builder.route(irq, vcpu, vectorFor(queue));
        irqs.push(irq);
      }
      irqsOf.push(irqs);
    }
  }
  return { vcpus: vms * vcpusPerVm, irqsOf, firstVcpuOfVm };
}
