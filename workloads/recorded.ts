import { join } from 'node:path';
import { z } from 'zod';
import type { HostParameters } from '../machine/host.js';
import { randomFrom } from '../machine/random.js';
import { UsageError } from '../machine/usage-error.js';
import { StreamBuilder } from './stream/stream-builder.js';
import { type Recording, readRecording, type VcpuThread } from './trace/parse.js';
import { type Repair, repaired, type Step } from './trace/repair.js';
import { groupThreads, type VirtualMachines } from './trace/virtual-machines.js';
import type { GeneratedStream, RecordingFacts, Workload } from './workload.js';

/** The recording that comes with the project, from the project's root. */
const SHIPPED_TRACE = 'traces/two-cpu-host.trace.txt.gz';

/** The project's root as seen from the compiled module, dist/workloads/recorded.js. */
const PROJECT_ROOT = join(import.meta.dirname, '../..');

/** KVM_MAX_VCPUS on x86 is at most this; a number above it is no vCPU's. */
const MAX_VCPUS_OF_VM = 4096;

/**
 * Vector of a vCPU's first irq; the others follow. Guests give their first device vectors out from about
 * here.
 */
const FIRST_VECTOR = 0x30;

const recordedSchema = z
  .strictObject({
    trace: z
      .string()
      .default('')
      .meta({
        description:
          'The recording: the trace file of tracefs, or what perf script or trace-cmd report print, with ' +
          'sched_switch, plain or gzip. Empty: the one that comes with the project.',
      }),
    irqsPerVcpu: z.int().min(0).max(64).default(2).meta({
      description:
        'Devices of each VM; each has one irq for each vCPU, as a multi-queue device would. Assumed.',
    }),
    interruptsPerHalt: z.int().min(0).max(8).default(1).meta({
      description: 'Interrupts that arrive for a halted vCPU before it is loaded again. Assumed.',
    }),
    maxOperations: z
      .int()
      .min(1)
      .max(1 << 24)
      .default(65_536)
      .meta({
        description: 'Operations after which the recording is cut; those that close the window come on top.',
      }),
  })
  .readonly();

type RecordedParameters = z.infer<typeof recordedSchema>;

/** What is known of a recording without replaying it. */
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

/** The schedule of a real host, replayed. */
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
  const replay = replaySteps(builder, repaired(recording.switches, vcpuOfThread), guests.irqsOfVcpu, {
    ...parameters,
    seed,
  });
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
      recorded: whatWasRecorded(counts),
      assumed: whatWasAssumed(parameters, recording.threads, groupedBy),
      counts,
      warnings: warnings(counts, recording.firstMalformed, parameters.maxOperations),
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
    // A number without a thread is a vCPU that never ran while recorded: it exists all the same.
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

interface Replay {
  /** Recorded switches that are in the window. */
  readonly replayedSwitches: number;
  readonly replayedInterrupts: number;
  /** Steps that were inserted in the window, by reason. */
  readonly insertedLoadsAtStart: number;
  readonly insertedLoads: number;
  readonly insertedPuts: number;
}

/** Writes the schedule, and before each load that ends a halt the interrupts that woke the vCPU. */
function replaySteps(
  builder: StreamBuilder,
  steps: Iterable<Step>,
  irqsOfVcpu: Guests['irqsOfVcpu'],
  { seed, interruptsPerHalt, maxOperations }: RecordedParameters & { readonly seed: number },
): Replay {
  const random = randomFrom(seed);
  const halted = new Set<number>();
  const inserted: Record<Repair, number> = { 'running-at-start': 0, 'missing-load': 0, 'missing-put': 0 };
  let replayedSwitches = 0;
  let replayedInterrupts = 0;
  for (const { kind, vcpu, cpu, blocking, repair } of steps) {
    const candidates = irqsOfVcpu[vcpu] as readonly number[];
    const wakes = kind === 'load' && halted.has(vcpu) && candidates.length > 0;
    const irqs = Array.from({ length: wakes ? interruptsPerHalt : 0 }, () => random.pick(candidates));
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

type Counts = Recording['counts'] & Replay;

function whatWasRecorded({ vcpuThreads, loads, puts }: Counts): string {
  return (
    `The schedule, replayed without its times: which of ${vcpuThreads} vCPU threads ran on which CPU, in ` +
    'which order, and whether it left because it blocked or was preempted ' +
    `(${loads} switch-ins, ${puts} switch-outs).`
  );
}

const GROUPED_BY: Readonly<Record<VirtualMachines['groupedBy'], string>> = {
  tgid: 'which threads are one VM is recorded (tgid)',
  'thread-id runs': 'which threads are one VM is guessed from runs of thread ids',
  both: 'which threads are one VM is recorded for some (tgid), guessed from runs of thread ids for others',
};

function whatWasAssumed(
  { irqsPerVcpu, interruptsPerHalt }: RecordedParameters,
  threads: readonly VcpuThread[],
  groupedBy: VirtualMachines['groupedBy'],
): string {
  const emulated = threads.filter(({ accelerator }) => accelerator === 'TCG').length;
  const guests = emulated === threads.length ? 'the guests' : `${emulated} of the ${threads.length} vCPUs`;
  const emulation =
    emulated === 0
      ? ''
      : `; ${guests} ran under TCG emulation, not KVM, and their schedule is taken for that of KVM`;
  return (
    `Devices, routes and interrupts: devices per VM ${irqsPerVcpu}, each with one irq per vCPU, routed ` +
    `before the window and never moved; interrupts that wake a halted vCPU ${interruptsPerHalt}; a thread ` +
    `that left its CPU in any state but R is taken for a halted vCPU${emulation}; ${GROUPED_BY[groupedBy]}.`
  );
}

function warnings(
  counts: Counts & { readonly vcpusNeverSeen: number },
  firstMalformed: Recording['firstMalformed'],
  maxOperations: number,
): RecordingFacts['warnings'] {
  const found: string[] = [];
  const switches = counts.loads + counts.puts;
  if (firstMalformed !== null) {
    found.push(
      `Malformed lines, skipped: ${counts.malformedLines}. The first is line ${firstMalformed.line}: ` +
        firstMalformed.text,
    );
  }
  if (counts.lostEvents > 0) {
    found.push(`Events that the recorder lost: at least ${counts.lostEvents}. The schedule has holes.`);
  }
  if (counts.overwrittenEvents > 0) {
    found.push(
      `Events overwritten in the ring buffer before it was read: ${counts.overwrittenEvents}. The ` +
        'recording may begin later on one CPU than on another.',
    );
  }
  if (counts.insertedLoads + counts.insertedPuts + counts.insertedLoadsAtStart > 0) {
    found.push(
      `Missing in the recording, inserted: switch-ins ${counts.insertedLoads}, ` +
        `switch-outs ${counts.insertedPuts}, ` +
        `switch-ins of vCPUs already running at its start ${counts.insertedLoadsAtStart}.`,
    );
  }
  if (counts.vcpusNeverSeen > 0) {
    found.push(`vCPUs that never ran, created since a higher-numbered one did: ${counts.vcpusNeverSeen}.`);
  }
  if (counts.replayedSwitches < switches) {
    found.push(
      `Only the first ${counts.replayedSwitches} of ${switches} switches are replayed: ` +
        `maxOperations is ${maxOperations}.`,
    );
  }
  return found;
}
