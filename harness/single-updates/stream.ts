import type { HostParameters } from '../../machine/host.js';
import { randomFrom } from '../../machine/random.js';
import { createFleet } from '../../workloads/parts/fleet.js';
import { OP, operationWords } from '../../workloads/stream/stream.js';
import { StreamBuilder } from '../../workloads/stream/stream-builder.js';
import { SINGLE_UPDATES } from '../method.js';

/** The part of a window that loads and puts vCPUs with equal numbers of entries. */
export interface WindowPart {
  readonly entries: number;
  /** Offset of the first operation in words, and the number of operations. */
  readonly start: number;
  readonly operations: number;
}

const CPUS = 256;

/**
 * Makes a host with vCPUs of each number of entries, which take turns. The window is closed. A load and the put after it leave
 * the same memory if they run twice, so that a timed pair can follow an untimed one.
 */
export function singleUpdateStream(host: HostParameters, seed: number) {
  const random = randomFrom(seed);
  const builder = new StreamBuilder(host);
  // VMs with one vCPU each, and the part of the window for them.
  const fleets = SINGLE_UPDATES.points.map(({ entries, vcpus: vms, rounds }) => {
    const devicesPerVm = Math.min(entries, SINGLE_UPDATES.devices);
    const fleet = { vms, vcpusPerVm: 1, irqsPerVcpu: entries, devicesPerVm };
    return { entries, rounds, vcpus: createFleet(builder, fleet).firstVcpuOfVm };
  });
  const cpuOf = (vcpu: number, round: number): number => (vcpu + round) % CPUS;
  for (const { rounds, vcpus } of fleets) {
    for (const vcpu of vcpus) {
      builder.load(vcpu, cpuOf(vcpu, rounds - 1));
      builder.put(vcpu, false);
    }
  }
  builder.beginWindow();
  const lengths = fleets.map(({ rounds, vcpus }) => {
    const before = builder.windowOperations;
    for (let round = 0; round < rounds; round++) {
      for (const index of random.permutation(vcpus.length)) {
        const vcpu = vcpus[index] as number;
        builder.load(vcpu, cpuOf(vcpu, round));
        builder.put(vcpu, false);
      }
    }
    return builder.windowOperations - before;
  });
  const stream = builder.finish();
  let start = stream.windowStart;
  const parts = fleets.map(({ entries }, index) => {
    const part = { entries, start, operations: lengths[index] as number };
    start += part.operations * operationWords(OP.load);
    return part;
  });
  return { stream, parts };
}
