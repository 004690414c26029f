// The workload `recorded`: the schedule of a real host, with devices, routes and interrupts that are assumed.
import { join } from 'node:path';
import { z } from 'zod';
import { type HostParameters, hostSchema } from '../machine/host.js';
import { randomFrom } from '../machine/random.js';
import { UsageError } from '../machine/usage-error.js';
import { wholeNumber } from './parts/parameters.js';
import { StreamBuilder } from './stream/stream-builder.js';
import { vmOfEvents } from './trace/devices.js';
import { type Recording, readRecording, type VcpuThread } from './trace/parse.js';
import { assumedText, NO_REPLAY_COUNTS, recordedText, recordingWarnings } from './trace/recording-facts.js';
import { repaired, type Step } from './trace/repair.js';
import type { DeviceEvent, RouteEvent } from './trace/switch-log.js';
import { groupThreads, type VirtualMachines } from './trace/virtual-machines.js';
import type { RecordingFacts, Workload } from './workload.js';

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
      .describe(
        'The recording: the trace file of tracefs, or the output of perf script or trace-cmd report, with ' +
          'sched_switch or kvm_entry and kvm_exit, plain or gzip. Empty: the recording that comes with the project.',
      ),
    irqsPerVcpu: wholeNumber(0, 64, 2).describe(
      'Assumed: devices of each VM. Each has one irq for each vCPU, like a multi-queue device.',
    ),
    interruptsPerHalt: wholeNumber(0, 8, 1).describe(
      'Assumed: interrupts that arrive for a halted vCPU before it is loaded again.',
    ),
    maxOperations: wholeNumber(1, 1 << 24, 65_536).describe(
      'Operations after which the recording is cut. The operations that close the window are added.',
    ),
  })
  .readonly();

type RecordedParameters = z.infer<typeof recordedSchema>;

/** A recording in short, with the warnings of a replay. */
export interface RecordingSummary
  extends VirtualMachines,
    Omit<Recording, 'switches' | 'counts'>,
    Pick<RecordingFacts, 'file' | 'counts' | 'warnings'> {}

/**
 * Counts, threads and VMs of a whole recording, with what a replay on the default host says of it.
 *
 * @throws UsageError as {@link readRecording}.
 */
export async function summarizeRecording(file: string): Promise<RecordingSummary> {
  const parameters = recordedSchema.parse({ trace: file });
  const recording = await readRecording(file, { switches: parameters.maxOperations, countsAll: true });
  const { switches, ...summary } = recording;
  const found = { ...summary, file, ...groupThreads(recording.threads) };
  try {
    const { counts, warnings } = replay(recording, file, parameters, 1, hostSchema.parse({})).facts;
    return { ...found, counts, warnings };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { ...found, warnings: [`No replay on the default host: ${error.message}.`] };
  }
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
  async generate(parameters, seed, host) {
    const { trace, maxOperations } = parameters;
    const path = trace === '' ? join(PROJECT_ROOT, SHIPPED_TRACE) : trace;
    const recording = await readRecording(path, { switches: maxOperations, countsAll: false });
    const { stream, facts } = replay(recording, path, parameters, seed, host);
    return { stream, recording: { ...facts, file: trace === '' ? SHIPPED_TRACE : trace } };
  },
};

function replay(
  recording: Recording,
  path: string,
  parameters: RecordedParameters,
  seed: number,
  host: HostParameters,
) {
  const { threads, switches } = recording;
  const grouped = groupThreads(threads);
  const { machines } = grouped;
  const vmOfEvent = vmOfEvents(switches.devices, machines, MAX_VCPUS_OF_VM);
  const builder = new StreamBuilder(host);
  const guests = createGuests(path, builder, machines, vmOfEvent, parameters.irqsPerVcpu, host);
  const vcpuOfThread = threads.map((thread) => guests.vcpuOfThread.get(thread) as number);
  builder.beginWindow();
  const steps = repaired(switches, vcpuOfThread);
  const counts = {
    ...recording.counts,
    vms: machines.length,
    vcpus: guests.irqsOfVcpu.length,
    vcpusNeverSeen: guests.irqsOfVcpu.length - new Set(vcpuOfThread).size,
    ...replaySteps(builder, steps, guests, { ...parameters, seed }),
  };
  return {
    stream: builder.finish(),
    facts: {
      file: path,
      recorded: recordedText(recording, counts),
      assumed: assumedText(parameters, recording, guests, grouped),
      counts,
      warnings: recordingWarnings(recording, counts, parameters.maxOperations),
    },
  };
}

/** Creates the VMs with their devices, and routes every irq whose route is not recorded. */
function createGuests(
  file: string,
  builder: StreamBuilder,
  machines: VirtualMachines['machines'],
  vmOfEvent: ReadonlyMap<DeviceEvent, number>,
  irqsPerVcpu: number,
  host: HostParameters,
) {
  const vcpuOfThread = new Map<VcpuThread, number>();
  /** The irqs that are routed to each vCPU. */
  const irqsOfVcpu: Set<number>[] = [];
  const firstVcpuOfVm: number[] = [];
  /** By VM and the host's number. */
  const irqs = new Map<string, number>();
  const routesOfVm = machines.map((): RouteEvent[] => []);
  const vmsWithWakes = new Set<number>();
  for (const [event, vm] of vmOfEvent) {
    if (event.kind === 'route') routesOfVm[vm]?.push(event);
    else vmsWithWakes.add(vm);
  }
  const vcpusWithWakes = new Set<number>();
  machines.forEach(({ threads }, vm) => {
    const routes = routesOfVm[vm] as readonly RouteEvent[];
    // A number without a thread belongs to a vCPU that never ran while recorded.
    let count = 0;
    for (const { tid, vcpu, comm } of threads) {
      if (vcpu >= MAX_VCPUS_OF_VM) {
        const most = `a VM has at most ${MAX_VCPUS_OF_VM} vCPUs`;
        throw new UsageError(`${file}: thread ${tid} is named "${comm}", but ${most}`);
      }
      count = Math.max(count, vcpu + 1);
    }
    for (const { vcpu, vector } of routes) if (vector !== null) count = Math.max(count, vcpu + 1);
    const { firstVcpu } = builder.createVm(count);
    firstVcpuOfVm.push(firstVcpu);
    for (const thread of threads) vcpuOfThread.set(thread, firstVcpu + thread.vcpu);
    for (let vcpu = firstVcpu; vcpu < firstVcpu + count; vcpu++) {
      irqsOfVcpu[vcpu] = new Set();
      if (vmsWithWakes.has(vm)) vcpusWithWakes.add(vcpu);
    }
    const route = (irq: number, vcpu: number, vector: number): void => {
      builder.route(irq, vcpu, vector);
      irqsOfVcpu[vcpu]?.add(irq);
    };
    const first = new Map(routes.toReversed().map((event) => [event.irq, event]));
    let device = 0;
    let before = Number.NaN;
    let entries = 0;
    const inOrder = [...first.values()].toSorted((one, other) => one.irq - other.irq);
    for (const { irq: number, vcpu, vector } of inOrder) {
      if (number !== before + 1 || entries === host.irqTableEntries) {
        device = builder.addDevice();
        entries = 0;
      }
      const irq = builder.allocIrq(device);
      irqs.set(irqKey(vm, number), irq);
      before = number;
      entries++;
      // An irq that goes back to the host first was routed before.
      if (vector === null && vcpu >= 0 && vcpu < count) route(irq, firstVcpu + vcpu, FIRST_VECTOR);
    }
    for (let queueSet = 0; routes.length === 0 && queueSet < irqsPerVcpu; queueSet++) {
      const assumed = builder.addDevice();
      for (let vcpu = firstVcpu; vcpu < firstVcpu + count; vcpu++) {
        route(builder.allocIrq(assumed), vcpu, FIRST_VECTOR + queueSet);
      }
    }
  });
  return {
    vcpuOfThread,
    vmOfEvent,
    firstVcpuOfVm,
    irqs,
    irqsOfVcpu,
    vcpusWithWakes,
    /** VMs whose routes and whose wakeups are recorded. */
    withRoutes: routesOfVm.filter(({ length }) => length > 0).length,
    withWakes: vmsWithWakes.size,
  };
}

const irqKey = (vm: number, irq: number): string => `${vm} ${irq}`;

/** The count that an inserted step adds to. */
const INSERTED = {
  'running-at-start': 'insertedLoadsAtStart',
  'missing-load': 'insertedLoads',
  'missing-put': 'insertedPuts',
} as const;

/**
 * Writes the schedule, and the routes and wakeups that are recorded. Where wakeups are not, interrupts that wake the vCPU
 * come before each load that ends a halt.
 */
function replaySteps(
  builder: StreamBuilder,
  steps: Iterable<Step | DeviceEvent>,
  { vmOfEvent, firstVcpuOfVm, irqs, irqsOfVcpu, vcpusWithWakes }: ReturnType<typeof createGuests>,
  { seed, interruptsPerHalt, maxOperations }: RecordedParameters & { readonly seed: number },
) {
  const random = randomFrom(seed);
  const halted = new Set<number>();
  const counts = { ...NO_REPLAY_COUNTS };
  const vcpusWithEntries = new Set<number>();
  const hasRoom = (operations: number): boolean => builder.windowOperations + operations <= maxOperations;

  /** Interrupts, and reads the GA logs. @returns Whether there was room for them and for `others`. */
  function interrupt(wanted: readonly number[], others: number): boolean {
    const logs = new Set(wanted.map((irq) => builder.iommuOf(irq)));
    if (!hasRoom(wanted.length + logs.size + others)) return false;
    for (const irq of wanted) builder.interrupt(irq);
    for (const iommu of logs) builder.drainGaLog(iommu);
    counts.replayedInterrupts += wanted.length;
    return true;
  }

  function wake(vcpu: number): boolean {
    const own = [...(irqsOfVcpu[vcpu] ?? [])];
    // A vCPU that runs gets no entry in the GA log.
    if (own.length === 0 || builder.isRunning(vcpu)) return true;
    if (!interrupt([random.pick(own)], 0)) return false;
    counts.replayedWakes++;
    return true;
  }

  function route(irq: number, vcpu: number, vector: number | null): boolean {
    const before = builder.routedTo(irq);
    if (vector === null && before === -1) return true;
    if (!hasRoom(1)) return false;
    irqsOfVcpu[before]?.delete(irq);
    counts.replayedIrteUpdates++;
    if (vector === null) {
      builder.unroute(irq);
      return true;
    }
    builder.route(irq, vcpu, vector);
    const entries = (irqsOfVcpu[vcpu] as Set<number>).add(irq).size;
    vcpusWithEntries.add(vcpu);
    counts.mostRecordedEntries = Math.max(counts.mostRecordedEntries, entries);
    return true;
  }

  function deviceEvent(event: DeviceEvent): boolean {
    const vm = vmOfEvent.get(event);
    if (vm === undefined) {
      counts.eventsWithoutVm++;
      return true;
    }
    const vcpu = (firstVcpuOfVm[vm] as number) + event.vcpu;
    if (event.kind === 'wake') return wake(vcpu);
    return route(irqs.get(irqKey(vm, event.irq)) as number, vcpu, event.vector);
  }

  function wakingIrqs({ kind, vcpu }: Step): number[] {
    if (kind === 'put' || !halted.has(vcpu) || vcpusWithWakes.has(vcpu)) return [];
    const own = [...(irqsOfVcpu[vcpu] as ReadonlySet<number>)];
    return own.length === 0 ? [] : Array.from({ length: interruptsPerHalt }, () => random.pick(own));
  }

  for (const step of steps) {
    if (step.kind === 'route' || step.kind === 'wake') {
      if (deviceEvent(step)) continue;
      break;
    }
    const { kind, vcpu, cpu, blocking, repair } = step;
    if (!interrupt(wakingIrqs(step), 1)) break;
    if (kind === 'load') builder.load(vcpu, cpu);
    else builder.put(vcpu, blocking);
    if (blocking) halted.add(vcpu);
    else halted.delete(vcpu);
    counts[repair === null ? 'replayedSwitches' : INSERTED[repair]]++;
  }
  return { ...counts, vcpusWithRecordedEntries: vcpusWithEntries.size };
}
