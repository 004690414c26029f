// The workload `recorded`: the schedule of a real host, with devices, routes and interrupts that are assumed.
import { join } from 'node:path';
import { z } from 'zod';
import type { HostParameters } from '../machine/host.js';
import { randomFrom } from '../machine/random.js';
import { UsageError } from '../machine/usage-error.js';
import { StreamBuilder } from './stream/stream-builder.js';
import { type Recording, readRecording, type VcpuThread } from './trace/parse.js';
import { assumedText, type ReplayCounts, recordedText, recordingWarnings } from './trace/recording-facts.js';
import { type Repair, repaired, type Step } from './trace/repair.js';
import { groupThreads, type VirtualMachines } from './trace/virtual-machines.js';
import type { GeneratedStream, Workload } from './workload.js';

/** The recording that comes with the project, from the project's root. */
const SHIPPED_TRACE = 'traces/two-cpu-host.trace.txt.gz';

/** The project's root as seen from the compiled module, dist/workloads/recorded.js. */
const PROJECT_ROOT = join(import.meta.dirname, '../..');

/** The largest KVM_MAX_VCPUS on x86. A thread with a higher number is not a vCPU. */
const MAX_VCPUS_OF_VM = 4096;

/** Vector of a vCPU's first irq; the others follow. Guests give out their device vectors from about here on. */
const FIRST_VECTOR = 0x30;

const recordedSchema = z
  .strictObject({
    trace: z
      .string()
      .default('')
      .meta({
        description:
          'The recording: the trace file of tracefs, or the output of perf script or trace-cmd report, with ' +
          'sched_switch, plain or gzip. Empty: the recording that comes with the project.',
      }),
    irqsPerVcpu: z.int().min(0).max(64).default(2).meta({
      description: 'Assumed: devices of each VM. Each has one irq for each vCPU, like a multi-queue device.',
    }),
    interruptsPerHalt: z.int().min(0).max(8).default(1).meta({
      description: 'Assumed: interrupts that arrive for a halted vCPU before it is loaded again.',
    }),
    maxOperations: z
      .int()
      .min(1)
      .max(1 << 24)
      .default(65_536)
      .meta({
        description:
          'Operations after which the recording is cut. The operations that close the window are added.',
      }),
  })
  .readonly();

type RecordedParameters = z.infer<typeof recordedSchema>;

/** A recording in short, without a replay. */
export interface RecordingSummary extends VirtualMachines {
  readonly file: string;
  readonly counts: Recording['counts'];
  readonly threads: readonly VcpuThread[];
  readonly firstMalformed: Recording['firstMalformed'];
}

/**
 * Counts, threads and VMs of a recording.
 *
 * @throws UsageError as {@link readRecording}.
 */
export async function summarizeRecording(file: string): Promise<RecordingSummary> {
  const { counts, threads, firstMalformed } = await readRecording(file);
  return { file, counts, firstMalformed, threads, ...groupThreads(threads) };
}

/** Replays the schedule of a real host. */
export const recorded: Workload<RecordedParameters> = {
  id: 'recorded',
  description:
    'A recorded host: the vCPU threads run on the CPUs in the order that its scheduler chose. The recording that ' +
    'comes with the project has 4 VMs with 13 vCPUs on 2 CPUs. Most of them idle and a few are busy.',
  favours:
    'Designs that reach the entries of one vCPU directly (ir-data-pointer, pointer-as-tag, merged-4.9, ' +
    'merged-6.17). Almost every operation is a load or put of a vCPU with few entries, so the look-up is much of ' +
    'its time. Any tag encoding does well too: a handful of VMs never aliases and hardly ever shares a bucket.',
  penalises:
    'Designs with a hash in each IOMMU (posted-v4, split-id-hash, wide-vm-id-hash, opaque-tag-hash): every load ' +
    'and put takes the lock and walks a bucket of every IOMMU, even of an IOMMU without a device of this VM. ' +
    'Routes do not change, so the lists do not pay for adding and deleting entries.',
  schema: recordedSchema,
  generate,
};

async function generate(
  parameters: RecordedParameters,
  seed: number,
  host: HostParameters,
): Promise<GeneratedStream> {
  const { trace, irqsPerVcpu } = parameters;
  const path = trace === '' ? join(PROJECT_ROOT, SHIPPED_TRACE) : trace;
  const recording = await readRecording(path);
  const { groupedBy, machines } = groupThreads(recording.threads);
  const builder = new StreamBuilder(host);
  const guests = createGuests(path, builder, machines, irqsPerVcpu);
  const vcpuOfThread = recording.threads.map((thread) => guests.vcpuOfThread.get(thread) as number);
  builder.beginWindow();
  const steps = repaired(recording.switches, vcpuOfThread);
  const replay = replaySteps(builder, steps, guests.irqsOfVcpu, { ...parameters, seed });
  const stream = builder.finish();
  const counts = {
    ...recording.counts,
    vms: machines.length,
    vcpus: guests.irqsOfVcpu.length,
    vcpusNeverSeen: guests.irqsOfVcpu.length - new Set(vcpuOfThread).size,
    ...replay,
  };
  return {
    stream,
    recording: {
      file: trace === '' ? SHIPPED_TRACE : trace,
      recorded: recordedText(recording.counts),
      assumed: assumedText(parameters, recording.threads, groupedBy),
      counts,
      warnings: recordingWarnings(counts, recording.firstMalformed, parameters.maxOperations),
    },
  };
}

interface Guests {
  readonly vcpuOfThread: ReadonlyMap<VcpuThread, number>;
  readonly irqsOfVcpu: readonly (readonly number[])[];
}

/** Creates the VMs with their devices, and routes every irq. */
function createGuests(
  file: string,
  builder: StreamBuilder,
  machines: VirtualMachines['machines'],
  irqsPerVcpu: number,
): Guests {
  const vcpuOfThread = new Map<VcpuThread, number>();
  const irqsOfVcpu: number[][] = [];
  for (const { threads } of machines) {
    // A number without a thread belongs to a vCPU that never ran while recorded.
    const count = 1 + Math.max(...threads.map((thread) => vcpuNumber(file, thread)));
    const { firstVcpu } = builder.createVm(count);
    for (const thread of threads) vcpuOfThread.set(thread, firstVcpu + thread.vcpu);
    for (let vcpu = firstVcpu; vcpu < firstVcpu + count; vcpu++) irqsOfVcpu[vcpu] = [];
    for (let queueSet = 0; queueSet < irqsPerVcpu; queueSet++) {
      const device = builder.addDevice();
      for (let vcpu = firstVcpu; vcpu < firstVcpu + count; vcpu++) {
        const irq = builder.allocIrq(device);
        builder.route(irq, vcpu, FIRST_VECTOR + queueSet);
        irqsOfVcpu[vcpu]?.push(irq);
      }
    }
  }
  return { vcpuOfThread, irqsOfVcpu };
}

function vcpuNumber(file: string, { tid, vcpu, accelerator }: VcpuThread): number {
  if (vcpu < MAX_VCPUS_OF_VM) return vcpu;
  throw new UsageError(
    `${file}: thread ${tid} is named "CPU ${vcpu}/${accelerator}", ` +
      `but a VM has at most ${MAX_VCPUS_OF_VM} vCPUs`,
  );
}

/** Writes the schedule. Interrupts that wake the vCPU come before each load that ends a halt. */
function replaySteps(
  builder: StreamBuilder,
  steps: Iterable<Step>,
  irqsOfVcpu: Guests['irqsOfVcpu'],
  { seed, interruptsPerHalt, maxOperations }: RecordedParameters & { readonly seed: number },
): ReplayCounts {
  const random = randomFrom(seed);
  const halted = new Set<number>();
  const inserted: Record<Repair, number> = { 'running-at-start': 0, 'missing-load': 0, 'missing-put': 0 };
  let replayedSwitches = 0;
  let replayedInterrupts = 0;

  function wakingIrqs({ kind, vcpu }: Step): number[] {
    const irqs = irqsOfVcpu[vcpu] as readonly number[];
    if (kind === 'put' || !halted.has(vcpu) || irqs.length === 0) return [];
    return Array.from({ length: interruptsPerHalt }, () => random.pick(irqs));
  }

  for (const step of steps) {
    const { kind, vcpu, cpu, blocking, repair } = step;
    const irqs = wakingIrqs(step);
    const logs = new Set(irqs.map((irq) => builder.iommuOf(irq)));
    if (builder.windowOperations + irqs.length + logs.size + 1 > maxOperations) break;
    for (const irq of irqs) builder.interrupt(irq);
    for (const iommu of logs) builder.drainGaLog(iommu);
    if (kind === 'load') builder.load(vcpu, cpu);
    else builder.put(vcpu, blocking);
    if (blocking) halted.add(vcpu);
    else halted.delete(vcpu);
    replayedInterrupts += irqs.length;
    if (repair === null) replayedSwitches++;
    else inserted[repair]++;
  }
  return {
    replayedSwitches,
    replayedInterrupts,
    insertedLoadsAtStart: inserted['running-at-start'],
    insertedLoads: inserted['missing-load'],
    insertedPuts: inserted['missing-put'],
  };
}
