// Parameters of generated workloads. Those that several workloads have differ in their defaults alone.
import { z } from 'zod';

/** A whole number within limits. */
export const wholeNumber = (least: number, most: number, preset: number) =>
  z.int().min(least).max(most).default(preset);

/** A number from 0 to 1. */
export const share = (preset: number) => z.number().min(0).max(1).default(preset);

/** The size of a fleet. */
export type FleetParameters = Readonly<Record<'vms' | 'vcpusPerVm' | 'irqsPerVcpu' | 'devicesPerVm', number>>;

/** The schema of a fleet's parameters, with a workload's defaults. */
export function fleetSchema({ vms, vcpusPerVm, irqsPerVcpu, devicesPerVm }: FleetParameters) {
  return {
    vms: wholeNumber(1, 65_536, vms).describe('VMs on the host.'),
    vcpusPerVm: wholeNumber(1, 512, vcpusPerVm).describe('vCPUs of each VM.'),
    irqsPerVcpu: wholeNumber(0, 2048, irqsPerVcpu).describe('IRTEs that post to each vCPU.'),
    devicesPerVm: wholeNumber(1, 64, devicesPerVm).describe(
      'Devices of each VM; the irqs of a vCPU are distributed over them in turn.',
    ),
  };
}

/** Operations of the window before it is closed. */
export const operationsSchema = (preset: number) =>
  wholeNumber(16, 1 << 24, preset).describe('Operations in the window, before those that close it.');

/** Share of puts that are halts. */
export const haltShareSchema = (preset: number) =>
  share(preset).describe('Share of puts that are halts; the others are preemptions.');

/** CPUs of the host. */
export const cpusSchema = (preset: number) => wholeNumber(1, 1024, preset).describe('CPUs that run vCPUs.');
