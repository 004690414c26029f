// The facts of a replayed recording in sentences: what was recorded, what was assumed, and what a reader must know.
import type { RecordingFacts } from '../workload.js';
import { spanText } from './event-order.js';
import type { Recording, RecordingCounts } from './parse.js';
import { EXPECTED_SWITCH } from './trace-line.js';
import type { GroupedBy, VirtualMachines } from './virtual-machines.js';

/** The counts of an empty window. */
export const NO_REPLAY_COUNTS = {
  /** Recorded switches that are in the window. */
  replayedSwitches: 0,
  replayedInterrupts: 0,
  /** Recorded updates of IRTEs and entries of the GA log that are in the window, and those whose VM is unknown. */
  replayedIrteUpdates: 0,
  replayedWakes: 0,
  eventsWithoutVm: 0,
  /** vCPUs that had an entry by a recorded update, and the most that one had at once. */
  vcpusWithRecordedEntries: 0,
  mostRecordedEntries: 0,
  /** Steps that the repair inserted in the window, by reason. */
  insertedLoadsAtStart: 0,
  insertedLoads: 0,
  insertedPuts: 0,
};

/** What the window holds of a recording. */
export type ReplayCounts = Readonly<typeof NO_REPLAY_COUNTS>;

/** What was recorded. */
export function recordedText({ source, isWhole }: Recording, counts: RecordingCounts & ReplayCounts): string {
  const { vcpuThreads, loads, puts, entries, irteUpdates, gaLogEntries } = counts;
  const { replayedIrteUpdates, replayedWakes, mostRecordedEntries, vcpusWithRecordedEntries } = counts;
  return [
    `The schedule, replayed without its times: which of ${vcpuThreads} vCPU threads ran on which CPU, in ` +
      'which order, and whether it left because it blocked or was preempted ' +
      `(${loads} switch-ins, ${puts} switch-outs${isWhole ? '' : ' in the part that was read'}).`,
    source === 'kvm_entry' &&
      'It is read from kvm_entry and kvm_exit: an exit by HLT is a switch-out, and the next entry is a switch-in.',
    source === 'sched_switch' &&
      entries > 0 &&
      'It is read from sched_switch; the kvm_entry lines beside it only name threads.',
    irteUpdates > 0 &&
      `Routes: ${replayedIrteUpdates} of ${irteUpdates} IRTE updates (kvm_pi_irte_update) are replayed.`,
    mostRecordedEntries > 0 &&
      `${vcpusWithRecordedEntries} vCPUs have recorded entries, and one vCPU has ${mostRecordedEntries} at once.`,
    gaLogEntries > 0 &&
      `Wakeups: ${replayedWakes} of ${gaLogEntries} GA log entries (kvm_avic_ga_log) are replayed.`,
  ]
    .filter((sentence) => sentence !== false)
    .join(' ');
}

const GROUPED_BY: Readonly<Record<GroupedBy, string>> = {
  tgid: 'which threads are one VM is recorded (tgid)',
  'thread-id runs': 'which threads are one VM is guessed from runs of thread ids',
  both: 'which threads are one VM is recorded for some (tgid), guessed from runs of thread ids for others',
};

/** What was assumed: one sentence. The third parameter counts the VMs whose routes and wakeups are recorded. */
export function assumedText(
  { irqsPerVcpu, interruptsPerHalt }: Readonly<Record<'irqsPerVcpu' | 'interruptsPerHalt', number>>,
  { threads, source }: Recording,
  { withRoutes, withWakes }: Readonly<Record<'withRoutes' | 'withWakes', number>>,
  { groupedBy, machines: { length: all } }: VirtualMachines,
): string {
  const emulated = threads.filter(({ comm }) => comm.endsWith('/TCG')).length;
  const guests = emulated === threads.length ? 'the guests' : `${emulated} of the ${threads.length} vCPUs`;
  const emulation =
    emulated === 0
      ? ''
      : `; ${guests} ran under TCG emulation, not KVM, and their schedule is taken for that of KVM`;
  const ofVms = (recorded: number): string => (recorded === 0 ? '' : ` of ${all - recorded} of ${all} VMs`);
  const devices =
    withRoutes === all
      ? 'Devices: consecutive irqs of the host are one device'
      : `Devices, routes and interrupts${ofVms(withRoutes)}: devices per VM ${irqsPerVcpu}, each with one irq per ` +
        'vCPU, routed before the window and never moved';
  const wakes =
    withWakes === all ? '' : `; interrupts that wake a halted vCPU${ofVms(withWakes)} ${interruptsPerHalt}`;
  const halts =
    source === 'kvm_entry'
      ? 'a vCPU leaves its CPU at each exit by HLT, also where KVM polls, and when another vCPU enters there'
      : 'a thread that left its CPU in any state but R is taken for a halted vCPU';
  return `${devices}${wakes}; ${halts}${emulation}; ${GROUPED_BY[groupedBy]}.`;
}

/** Lines that were not read, lost events, gaps, repairs and cuts, a sentence or two for each that there was. */
export function recordingWarnings(
  recording: Recording,
  counts: RecordingCounts & ReplayCounts & { readonly vcpusNeverSeen: number },
  maxOperations: number,
): RecordingFacts['warnings'] {
  const { firstMalformed, firstUnread, missing, cpus, hostCpus, isWhole, isSorted, hasDeltas, hole } =
    recording;
  const { insertedLoads, insertedPuts, insertedLoadsAtStart, replayedSwitches, eventsWithoutVm } = counts;
  const switches = counts.loads + counts.puts;
  return [
    firstUnread !== null &&
      `Context switches that cannot be read: ${counts.unreadSwitches}. The first is line ${firstUnread.line}: ` +
        `${firstUnread.text}; expected ${EXPECTED_SWITCH}.`,
    firstMalformed !== null &&
      `Malformed lines, skipped: ${counts.malformedLines}. The first is line ${firstMalformed.line}: ` +
        firstMalformed.text,
    counts.lostEvents > 0 &&
      `Events that the recorder lost: at least ${counts.lostEvents}. The schedule has holes.`,
    counts.overwrittenEvents > 0 &&
      `Events overwritten in the ring buffer before it was read: ${counts.overwrittenEvents}. The ` +
        'recording may begin later on one CPU than on another.',
    isSorted &&
      'The lines are not in the order of time, as if one CPU follows another. They were sorted by time.',
    hasDeltas &&
      'The times are differences (perf script --deltatime), so the order of the lines was not checked.',
    hole !== null &&
      `Nothing was recorded for ${spanText(hole.by, recording.isTicks)} before line ${hole.line}, most of the time: ` +
        'this may be two recordings.',
    missing !== null &&
      `Half of the schedule is recorded: ${missing} are missing, as after perf record -p. Record the whole host: ` +
        'perf record -a -e sched:sched_switch.',
    cpus.length === 1 &&
      hostCpus !== 1 &&
      `All events are on CPU ${cpus[0]}. What the threads did on other CPUs is not recorded; record all CPUs: ` +
        'perf record -a -e sched:sched_switch.',
    insertedLoads + insertedPuts + insertedLoadsAtStart > 0 &&
      `Missing in the recording, inserted: switch-ins ${insertedLoads}, switch-outs ${insertedPuts}, ` +
        `switch-ins of vCPUs already running at its start ${insertedLoadsAtStart}.`,
    eventsWithoutVm > 0 &&
      `IRTE updates and GA log entries that are not replayed, because their VM is unknown: ${eventsWithoutVm}.`,
    counts.vcpusNeverSeen > 0 &&
      `vCPUs that never ran, created since a higher-numbered one did: ${counts.vcpusNeverSeen}.`,
    replayedSwitches < switches &&
      `Only the first ${replayedSwitches}${isWhole ? ` of ${switches}` : ''} switches are replayed: ` +
        `maxOperations is ${maxOperations}.`,
    !isWhole &&
      `The file was read up to line ${counts.lines} (${spanText(recording.span, recording.isTicks)}). To count all ` +
        'of it: list workloads --trace FILE.',
  ].filter((warning) => warning !== false);
}
