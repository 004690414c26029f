// The facts of a replayed recording in sentences: what was recorded, what was assumed, and what a reader must know.
import type { RecordingFacts } from '../workload.js';
import type { Recording, RecordingCounts, VcpuThread } from './parse.js';
import type { VirtualMachines } from './virtual-machines.js';

/** What the window holds of a recording. */
export interface ReplayCounts {
  /** Recorded switches that are in the window. */
  readonly replayedSwitches: number;
  readonly replayedInterrupts: number;
  /** Steps that the repair inserted in the window, by reason. */
  readonly insertedLoadsAtStart: number;
  readonly insertedLoads: number;
  readonly insertedPuts: number;
}

/** Assumptions of a replay that its parameters make. */
interface Assumptions {
  readonly irqsPerVcpu: number;
  readonly interruptsPerHalt: number;
}

/** What was recorded: one sentence. */
export function recordedText({ vcpuThreads, loads, puts }: RecordingCounts): string {
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

/** What was assumed: one sentence. */
export function assumedText(
  { irqsPerVcpu, interruptsPerHalt }: Assumptions,
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

/** Malformed lines, lost events, repairs and cuts, a sentence for each that there was. */
export function recordingWarnings(
  counts: RecordingCounts & ReplayCounts & { readonly vcpusNeverSeen: number },
  firstMalformed: Recording['firstMalformed'],
  maxOperations: number,
): RecordingFacts['warnings'] {
  const { insertedLoads, insertedPuts, insertedLoadsAtStart, replayedSwitches } = counts;
  const switches = counts.loads + counts.puts;
  return [
    firstMalformed !== null &&
      `Malformed lines, skipped: ${counts.malformedLines}. The first is line ${firstMalformed.line}: ` +
        firstMalformed.text,
    counts.lostEvents > 0 &&
      `Events that the recorder lost: at least ${counts.lostEvents}. The schedule has holes.`,
    counts.overwrittenEvents > 0 &&
      `Events overwritten in the ring buffer before it was read: ${counts.overwrittenEvents}. The ` +
        'recording may begin later on one CPU than on another.',
    insertedLoads + insertedPuts + insertedLoadsAtStart > 0 &&
      `Missing in the recording, inserted: switch-ins ${insertedLoads}, switch-outs ${insertedPuts}, ` +
        `switch-ins of vCPUs already running at its start ${insertedLoadsAtStart}.`,
    counts.vcpusNeverSeen > 0 &&
      `vCPUs that never ran, created since a higher-numbered one did: ${counts.vcpusNeverSeen}.`,
    replayedSwitches < switches &&
      `Only the first ${replayedSwitches} of ${switches} switches are replayed: ` +
        `maxOperations is ${maxOperations}.`,
  ].filter((warning) => warning !== false);
}
