// Reads the recording of a real host: its sched_switch lines say which vCPU threads ran on which CPU. The kernel has no
// tracepoint for vCPU load and put, but QEMU names its vCPU threads (-name debug-threads=on, as libvirt does). A switch
// to such a thread is a load on that CPU, and a switch away from it is a put.
import { UsageError } from '../../machine/usage-error.js';
import { MAX_LINE_BYTES, printable, readLines } from './lines.js';
import { type ContextSwitch, readTraceLine, type Task } from './sched-switch.js';
import { PUT_STATES, SwitchLog, type VcpuSwitch } from './switch-log.js';

/** A vCPU's thread. */
export interface VcpuThread {
  readonly tid: number;
  /** The n of "CPU n/KVM". */
  readonly vcpu: number;
  /** KVM, or QEMU's emulation. */
  readonly accelerator: 'KVM' | 'TCG';
  /** Its process, which is its VM; null if no line names it. */
  readonly tgid: number | null;
}

/** The counts of an empty recording. */
const NO_COUNTS = {
  lines: 0,
  eventLines: 0,
  /** sched_switch events of all threads. */
  switchEvents: 0,
  vcpuThreads: 0,
  /** vCPU threads that came on a CPU at least once. */
  vcpuThreadsSwitchedIn: 0,
  /** Switches to a vCPU thread. */
  loads: 0,
  /** Switches away from a vCPU thread; the next four count them by state. */
  puts: 0,
  putsR: 0,
  putsRPlus: 0,
  putsS: 0,
  putsOther: 0,
  /** Switches from one vCPU thread to another. */
  vcpuToVcpuSwitches: 0,
  /** Loads of a thread on another CPU than its previous load. */
  migrations: 0,
  malformedLines: 0,
  /** Events that the recorder says it dropped: a lower bound. */
  lostEvents: 0,
  /** Events that the ring buffer overwrote before anyone read it. */
  overwrittenEvents: 0,
};

type Counts = typeof NO_COUNTS;

/** The counts of a recording as it is, before any repair. */
export type RecordingCounts = Readonly<Counts>;

/** A recording. */
export interface Recording {
  readonly threads: readonly VcpuThread[];
  /** In the order of the file. */
  readonly switches: Iterable<VcpuSwitch>;
  readonly counts: RecordingCounts;
  /** Line number, from 1, and printable text of the first malformed line. */
  readonly firstMalformed: { readonly line: number; readonly text: string } | null;
}

/**
 * Reads a recording: the `trace` file of tracefs, or the output of `perf script` or `trace-cmd report`, plain or gzip.
 * Malformed lines are counted and skipped.
 *
 * @throws UsageError if the file cannot be read or holds no switch of a vCPU thread.
 */
export async function readRecording(file: string): Promise<Recording> {
  const reader = new RecordingReader();
  await readLines(file, (line) => reader.line(line));
  const recording = reader.finish();
  const { lines, switchEvents, malformedLines, vcpuThreads } = recording.counts;
  if (vcpuThreads === 0) {
    throw new UsageError(
      `${file}: no sched_switch line of a thread named "CPU <n>/KVM" or "CPU <n>/TCG" ` +
        `in ${lines} lines with ${switchEvents} sched_switch events (${malformedLines} malformed)`,
    );
  }
  return recording;
}

const VCPU_COMM = /^CPU (\d+)\/(KVM|TCG)$/;

/** Above every vCPU number, because a comm has room for seven digits. */
const VCPU_NUMBERS = 10_000_000;

const NO_CPU = -1;

interface ThreadState {
  thread: VcpuThread;
  lastCpu: number;
}

/** The count that a put's state adds to. */
const PUT_COUNTS = { R: 'putsR', 'R+': 'putsRPlus', S: 'putsS', other: 'putsOther' } as const;

/** Reads a recording line by line. */
class RecordingReader {
  readonly #threads: ThreadState[] = [];
  /** By thread id and vCPU number, because a long recording may use a thread id again. */
  readonly #indexOf = new Map<number, number>();
  readonly #switches = new SwitchLog();
  readonly #counts: Counts = { ...NO_COUNTS };
  #firstMalformed: Recording['firstMalformed'] = null;

  line(text: string): void {
    const counts = this.#counts;
    counts.lines++;
    const read = text.length > MAX_LINE_BYTES ? ({ kind: 'malformed' } as const) : readTraceLine(text);
    switch (read.kind) {
      case 'switch':
        counts.eventLines++;
        counts.switchEvents++;
        this.#contextSwitch(read);
        break;
      case 'event':
        counts.eventLines++;
        break;
      case 'lost':
        counts.lostEvents += read.events;
        break;
      case 'overwritten':
        counts.overwrittenEvents += read.events;
        break;
      case 'malformed':
        counts.malformedLines++;
        this.#firstMalformed ??= { line: counts.lines, text: printable(text) };
        break;
    }
  }

  finish(): Recording {
    return {
      threads: this.#threads.map(({ thread }) => thread),
      switches: this.#switches,
      counts: this.#counts,
      firstMalformed: this.#firstMalformed,
    };
  }

  #contextSwitch({ cpu, prev, state, tgid, next }: ContextSwitch): void {
    const prevIndex = this.#vcpuThread(prev);
    const nextIndex = this.#vcpuThread(next);
    if (prevIndex !== undefined) this.#put(prevIndex, cpu, state, tgid);
    if (nextIndex !== undefined) this.#load(nextIndex, cpu);
    if (prevIndex !== undefined && nextIndex !== undefined) this.#counts.vcpuToVcpuSwitches++;
  }

  #put(index: number, cpu: number, printedState: string, tgid: number | null): void {
    const state = PUT_STATES.find((known) => known === printedState) ?? 'other';
    const known = this.#threads[index] as ThreadState;
    if (known.thread.tgid === null && tgid !== null) known.thread = { ...known.thread, tgid };
    this.#counts.puts++;
    this.#counts[PUT_COUNTS[state]]++;
    this.#switches.append({ kind: 'put', thread: index, cpu, state });
  }

  #load(index: number, cpu: number): void {
    const known = this.#threads[index] as ThreadState;
    if (known.lastCpu === NO_CPU) this.#counts.vcpuThreadsSwitchedIn++;
    else if (known.lastCpu !== cpu) this.#counts.migrations++;
    known.lastCpu = cpu;
    this.#counts.loads++;
    this.#switches.append({ kind: 'load', thread: index, cpu });
  }

  /** Index of a vCPU's thread; undefined for any other thread. */
  #vcpuThread({ comm, tid }: Task): number | undefined {
    const name = VCPU_COMM.exec(comm);
    if (name === null) return undefined;
    const vcpu = Number(name[1]);
    const key = tid * VCPU_NUMBERS + vcpu;
    const known = this.#indexOf.get(key);
    if (known !== undefined) return known;
    const index = this.#threads.length;
    const accelerator = name[2] as VcpuThread['accelerator'];
    this.#threads.push({ thread: { tid, vcpu, accelerator, tgid: null }, lastCpu: NO_CPU });
    this.#indexOf.set(key, index);
    this.#counts.vcpuThreads++;
    return index;
  }
}
