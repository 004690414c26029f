// The recording of a real host: which vCPU threads ran where, taken from the sched_switch lines of a trace.
// The kernel has no tracepoint for vCPU load and put, but QEMU names its vCPU threads (-name
// debug-threads=on, as libvirt does): a switch to such a thread is a load on that CPU, a switch away from it
// is a put.
import { UsageError } from '../../machine/usage-error.js';
import { MAX_LINE_BYTES, readLines } from './lines.js';
import { type ContextSwitch, readTraceLine, type Task } from './sched-switch.js';

/** A vCPU's thread. */
export interface VcpuThread {
  readonly tid: number;
  /** The n of "CPU n/KVM". */
  readonly vcpu: number;
  /** What ran the guest: KVM, or QEMU's emulation. */
  readonly accelerator: 'KVM' | 'TCG';
  /** Its process, which is its VM; null if no line says. */
  readonly tgid: number | null;
}

/** States in which a thread left its CPU: preempted in the first two, blocked in the others. */
const PUT_STATES = ['R', 'R+', 'S', 'other'] as const;

/** State in which a thread left its CPU. */
export type PutState = (typeof PUT_STATES)[number];

/** A vCPU thread came on a CPU, or left it. `thread` is an index into the recording's threads. */
export type VcpuSwitch =
  | { readonly kind: 'load'; readonly thread: number; readonly cpu: number }
  | { readonly kind: 'put'; readonly thread: number; readonly cpu: number; readonly state: PutState };

/** What a recording holds, counted before anything is made of it. */
export interface RecordingCounts {
  readonly lines: number;
  readonly eventLines: number;
  /** sched_switch events of all threads. */
  readonly switchEvents: number;
  readonly vcpuThreads: number;
  /** vCPU threads that came on a CPU at least once. */
  readonly vcpuThreadsSwitchedIn: number;
  /** Switches to a vCPU thread. */
  readonly loads: number;
  /** Switches away from a vCPU thread; the next four are their states. */
  readonly puts: number;
  readonly putsR: number;
  readonly putsRPlus: number;
  readonly putsS: number;
  readonly putsOther: number;
  /** Switches from one vCPU thread to another. */
  readonly vcpuToVcpuSwitches: number;
  /** Loads on another CPU than the load before of the same thread. */
  readonly migrations: number;
  readonly malformedLines: number;
  /** Events that the recorder says it dropped; at least that many. */
  readonly lostEvents: number;
  /** Events that the ring buffer overwrote before it was read. */
  readonly overwrittenEvents: number;
}

/** A recording. */
export interface Recording {
  readonly threads: readonly VcpuThread[];
  /** In the order of the file. */
  readonly switches: Iterable<VcpuSwitch>;
  readonly counts: RecordingCounts;
  /** Line number, from 1, and text of the first malformed line, fit to be printed. */
  readonly firstMalformed: { readonly line: number; readonly text: string } | null;
}

/**
 * Reads a recording: the `trace` file of tracefs, or what `perf script` or `trace-cmd report` print, plain or
 * gzip.
 *
 * @remarks Lines that cannot be understood are counted and skipped.
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

/** No vCPU number reaches this: a comm has room for seven digits. */
const VCPU_NUMBERS = 10_000_000;

const NO_CPU = -1;

interface ThreadState {
  thread: VcpuThread;
  lastCpu: number;
}

class RecordingReader {
  readonly #threads: ThreadState[] = [];
  /** By tid and vCPU number: on a long recording a tid may be used again. */
  readonly #indexOf = new Map<number, number>();
  readonly #switches = new SwitchLog();
  #firstMalformed: Recording['firstMalformed'] = null;
  #lines = 0;
  #eventLines = 0;
  #switchEvents = 0;
  #loads = 0;
  readonly #puts: Record<PutState, number> = { R: 0, 'R+': 0, S: 0, other: 0 };
  #vcpuToVcpuSwitches = 0;
  #migrations = 0;
  #malformedLines = 0;
  #lostEvents = 0;
  #overwrittenEvents = 0;

  line(text: string): void {
    this.#lines++;
    const read = text.length > MAX_LINE_BYTES ? ({ kind: 'malformed' } as const) : readTraceLine(text);
    switch (read.kind) {
      case 'switch':
        this.#eventLines++;
        this.#switchEvents++;
        this.#contextSwitch(read);
        break;
      case 'event':
        this.#eventLines++;
        break;
      case 'lost':
        this.#lostEvents += read.events;
        break;
      case 'overwritten':
        this.#overwrittenEvents += read.events;
        break;
      case 'malformed':
        this.#malformedLines++;
        this.#firstMalformed ??= { line: this.#lines, text: printable(text) };
        break;
    }
  }

  finish(): Recording {
    const { R, 'R+': RPlus, S, other } = this.#puts;
    return {
      threads: this.#threads.map(({ thread }) => thread),
      switches: this.#switches,
      counts: {
        lines: this.#lines,
        eventLines: this.#eventLines,
        switchEvents: this.#switchEvents,
        vcpuThreads: this.#threads.length,
        vcpuThreadsSwitchedIn: this.#threads.filter(({ lastCpu }) => lastCpu !== NO_CPU).length,
        loads: this.#loads,
        puts: R + RPlus + S + other,
        putsR: R,
        putsRPlus: RPlus,
        putsS: S,
        putsOther: other,
        vcpuToVcpuSwitches: this.#vcpuToVcpuSwitches,
        migrations: this.#migrations,
        malformedLines: this.#malformedLines,
        lostEvents: this.#lostEvents,
        overwrittenEvents: this.#overwrittenEvents,
      },
      firstMalformed: this.#firstMalformed,
    };
  }

  #contextSwitch({ cpu, prev, state, tgid, next }: ContextSwitch): void {
    const prevIndex = this.#vcpuThread(prev);
    const nextIndex = this.#vcpuThread(next);
    if (prevIndex !== undefined) this.#put(prevIndex, cpu, state, tgid);
    if (nextIndex !== undefined) this.#load(nextIndex, cpu);
    if (prevIndex !== undefined && nextIndex !== undefined) this.#vcpuToVcpuSwitches++;
  }

  #put(index: number, cpu: number, printedState: string, tgid: number | null): void {
    const state = PUT_STATES.find((known) => known === printedState) ?? 'other';
    const known = this.#threads[index] as ThreadState;
    if (known.thread.tgid === null && tgid !== null) known.thread = { ...known.thread, tgid };
    this.#puts[state]++;
    this.#switches.append({ kind: 'put', thread: index, cpu, state });
  }

  #load(index: number, cpu: number): void {
    const known = this.#threads[index] as ThreadState;
    if (known.lastCpu !== NO_CPU && known.lastCpu !== cpu) this.#migrations++;
    known.lastCpu = cpu;
    this.#loads++;
    this.#switches.append({ kind: 'load', thread: index, cpu });
  }

  /** Index of a vCPU's thread, or undefined for any other thread. */
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
    return index;
  }
}

/** The switches, eight bytes each: an hour of a busy host has tens of millions. */
class SwitchLog implements Iterable<VcpuSwitch> {
  // Per switch two words: thread << 3 | 0 for a load or 1 + the state for a put, and the CPU.
  #words = new Int32Array(1 << 12);
  #length = 0;

  append(event: VcpuSwitch): void {
    if (this.#length === this.#words.length) {
      const grown = new Int32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    const code = event.kind === 'load' ? 0 : 1 + PUT_STATES.indexOf(event.state);
    this.#words[this.#length++] = (event.thread << 3) | code;
    this.#words[this.#length++] = event.cpu;
  }

  *[Symbol.iterator](): Generator<VcpuSwitch> {
    for (let offset = 0; offset < this.#length; offset += 2) {
      const word = this.#words[offset] as number;
      const thread = word >>> 3;
      const cpu = this.#words[offset + 1] as number;
      const code = word & 7;
      if (code === 0) yield { kind: 'load', thread, cpu };
      else yield { kind: 'put', thread, cpu, state: PUT_STATES[code - 1] as PutState };
    }
  }
}

/** Characters shown of a malformed line. */
const SHOWN_CHARACTERS = 100;

/**
 * Bytes as text of one short line: read as UTF-8, with what a terminal or a page would act on written out.
 */
function printable(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  const visible = Array.from(text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped));
  if (visible.length <= SHOWN_CHARACTERS) return visible.join('');
  return `${visible.slice(0, SHOWN_CHARACTERS).join('')}...`;
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) as number).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
}
