// A host for several threads. Each thread stands for CPUs with vCPUs of their own. Threads share what their VMs share:
// devices with their tables, IOMMUs, and the structures that a design has for the whole host.
import { z } from 'zod';
import { type Random, randomFrom } from '../machine/random.js';
import { createFleet } from './parts/fleet.js';
import { fleetSchema, wholeNumber } from './parts/parameters.js';
import { type OperationStream, operationAt, sealStream } from './stream/stream.js';
import { StreamBuilder } from './stream/stream-builder.js';
import type { Workload } from './workload.js';

const { vms: _, ...vmSchema } = fleetSchema({ vms: 1, vcpusPerVm: 4, irqsPerVcpu: 2, devicesPerVm: 2 });

const schema = z.strictObject({
  threads: wholeNumber(1, 1024, 2).describe('Threads that load and put the vCPUs of the host.'),
  vmsPerThread: wholeNumber(1, 64, 4).describe('VMs for each thread.'),
  ...vmSchema,
  cpusPerThread: wholeNumber(1, 64, 4).describe('CPUs that a thread stands for.'),
  rounds: wholeNumber(1, 65_536, 64).describe('Times that every vCPU has its turn in a window.'),
});

type ContentionParameters = z.infer<typeof schema>;

/** The thread that loads and puts a vCPU. The vCPUs of a VM are spread over the threads. */
export function threadOf(vcpu: number, threads: number): number {
  return vcpu % threads;
}

/** A CPU of a thread: t, t + threads, t + 2 threads and so on. */
function cpuOf(random: Random, vcpu: number, { threads, cpusPerThread }: ContentionParameters): number {
  return threadOf(vcpu, threads) + threads * random.below(cpusPerThread);
}

/** Threads with vCPUs of their own on one host. */
export const contention: Workload<ContentionParameters> = {
  id: 'contention',
  description:
    'CPUs that load and put vCPUs at the same time. Each VM has 4 vCPUs and two devices, and its vCPUs are ' +
    'spread over the threads. Each thread has 16 vCPUs, which migrate among its CPUs. It does nothing else, ' +
    'which no real host does for long.',
  favours: 'Designs whose locks belong to a vCPU: no other CPU wants them.',
  penalises: 'Designs with a lock for the whole host: every update of every vCPU takes it.',
  schema,
  generate(parameters, seed, host) {
    const random = randomFrom(seed);
    const builder = new StreamBuilder(host);
    const { threads, vmsPerThread, rounds } = parameters;
    const { vcpus } = createFleet(builder, { ...parameters, vms: threads * vmsPerThread });
    const lastCpus = Int32Array.from({ length: vcpus }, (_, vcpu) => cpuOf(random, vcpu, parameters));
    const turn = (vcpu: number, cpu: number, blocks: boolean): void => {
      builder.load(vcpu, cpu);
      builder.put(vcpu, blocks);
    };
    // The state after the last round, so that no operations are needed to close the window.
    lastCpus.forEach((cpu, vcpu) => {
      turn(vcpu, cpu, false);
    });
    builder.beginWindow();
    for (let round = 1; round < rounds; round++) {
      for (const vcpu of random.permutation(vcpus)) {
        turn(vcpu, cpuOf(random, vcpu, parameters), random.chance(0.5));
      }
    }
    for (const vcpu of random.permutation(vcpus)) turn(vcpu, lastCpus[vcpu] as number, false);
    return { stream: builder.finish() };
  },
};

/**
 * A thread's part of a stream whose window has loads and puts only: the whole setup, the window's operations on the
 * thread's vCPUs, and no teardown. The part's window is closed too.
 */
export function partOfThread(stream: OperationStream, thread: number, threads: number): OperationStream {
  const { words, ...header } = stream;
  const { windowStart, windowEnd } = header;
  const part = words.slice(0, windowEnd);
  let end = windowStart;
  for (let offset = windowStart; offset < windowEnd; offset += 2) {
    const { name, operand } = operationAt(words, offset);
    if (name !== 'load' && name !== 'put') throw new TypeError(`a thread's part with the operation ${name}`);
    if (threadOf(operand, threads) !== thread) continue;
    part.copyWithin(end, offset, offset + 2);
    end += 2;
  }
  return sealStream(part.slice(0, end), {
    ...header,
    windowEnd: end,
    windowOperations: (end - windowStart) / 2,
  });
}
