// Sweeps: hosts that differ in one parameter, and the workload that runs on each. They show how a design scales, and
// where one design overtakes another.
import { z } from 'zod';
import type { HostParameters } from '../machine/host.js';
import { interruptAndDrain, onFleet } from './parts/fleet.js';
import { fleetSchema, share, wholeNumber } from './parts/parameters.js';
import type { SweepAxis } from './sweep-axes.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  ...fleetSchema({ vms: 64, vcpusPerVm: 4, irqsPerVcpu: 2, devicesPerVm: 2 }),
  rounds: wholeNumber(1, 65_536, 16).describe('Turns of every vCPU in a window.'),
  wakeShare: share(0.1).describe(
    'Share of turns in which the vCPU halts, is interrupted, and is loaded again after the GA log was read.',
  ),
});

type SweepParameters = z.infer<typeof schema>;

/** Every vCPU is loaded and put once a round, in an order that is random in each round. */
export const sweep: Workload<SweepParameters> = {
  id: 'sweep',
  description:
    'Not a real host, but equal VMs whose vCPUs take turns. Each vCPU is loaded on another CPU and put again, ' +
    'and an interrupt wakes a few of them. One parameter of the host varies at a time.',
  favours: "Nothing: the shape of a design's curve shows its strengths.",
  penalises: 'Nothing.',
  schema,
  generate: onFleet((fleet, { rounds, wakeShare }) => {
    const { builder, random, vcpus, irqsOf } = fleet;
    const cpuOf = (vcpu: number, round: number): number => (vcpu + round) % CPUS;
    // The state after the last round, so that no operations are needed to close the window.
    for (let vcpu = 0; vcpu < vcpus; vcpu++) {
      builder.load(vcpu, cpuOf(vcpu, rounds - 1));
      builder.put(vcpu, false);
    }
    builder.beginWindow();
    for (let round = 0; round < rounds; round++) {
      for (const vcpu of random.permutation(vcpus)) {
        builder.load(vcpu, cpuOf(vcpu, round));
        if (random.chance(wakeShare)) {
          builder.put(vcpu, true);
          interruptAndDrain(fleet, irqsOf[vcpu]);
          builder.load(vcpu, cpuOf(vcpu, round));
        }
        builder.put(vcpu, false);
      }
    }
  }),
};

/** CPUs of the host. */
const CPUS = 256;

/** One host of a sweep. */
export type SweepPoint = Readonly<ReturnType<typeof pointsOf>[number]>;

/**
 * Smallest number of entry updates in a window, so that a window takes a millisecond or more. In a shorter window V8
 * would still compile the loop around it while it is timed.
 */
const LEAST_UPDATES = 131_072;
/** An operation counts as this number of updates if it has fewer. */
const LEAST_WEIGHT = 4;

function pointsOf(
  axis: SweepAxis,
  values: readonly number[],
  vary: (value: number) => { fleet?: Partial<SweepParameters>; host?: Partial<HostParameters> },
) {
  return values.map((value) => {
    const { fleet = {}, host = {} } = vary(value);
    const fleetParameters = schema.parse(fleet);
    const { vms, vcpusPerVm, irqsPerVcpu } = fleetParameters;
    const updates = 2 * vms * vcpusPerVm * Math.max(LEAST_WEIGHT, irqsPerVcpu);
    const rounds = Math.ceil(LEAST_UPDATES / updates);
    return {
      axis,
      value,
      /** The host parameters that differ from the run's host. */
      host,
      // Ids have no capitals.
      workload: { ...sweep, id: `${axis}-${value}`.toLowerCase() },
      parameters: { ...fleetParameters, rounds },
    };
  });
}

/** The parameters to count a point's work: one round, in which every vCPU is woken once. */
export function countedParameters({ parameters }: SweepPoint): SweepParameters {
  return { ...parameters, rounds: 1, wakeShare: 1 };
}

/** All hosts of all sweeps, axis by axis. */
export const SWEEP_POINTS: readonly SweepPoint[] = [
  ...pointsOf('entriesPerVcpu', [0, 1, 2, 4, 8, 16, 32, 64, 128, 512, 2048], (irqsPerVcpu) => ({
    fleet: { vms: 4, vcpusPerVm: 2, irqsPerVcpu, devicesPerVm: 8 },
  })),
  ...pointsOf('iommus', [1, 2, 4, 8], (iommus) => ({ host: { iommus } })),
  // Each VM has a device, and a PCI segment has fewer than 65,536 to spread over the IOMMUs.
  ...pointsOf('vms', [1, 4, 16, 64, 256, 1024, 4096, 16_384], (vms) => ({
    fleet: { vms, vcpusPerVm: 1, irqsPerVcpu: 1, devicesPerVm: 1 },
  })),
];

/** Whether the device tables of a run's host have room for a point's irqs. */
export function hasRoom(
  { parameters: { vcpusPerVm, irqsPerVcpu, devicesPerVm }, host }: SweepPoint,
  run: Pick<HostParameters, 'irqTableEntries'>,
): boolean {
  const { irqTableEntries } = { ...run, ...host };
  return vcpusPerVm * Math.ceil(irqsPerVcpu / devicesPerVm) <= irqTableEntries;
}
