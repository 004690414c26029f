// Reads the recording of a real host: its sched_switch lines say which vCPU threads ran on which CPU. The kernel has no
// tracepoint for vCPU load and put, but every VMM names its vCPU threads, and kvm_entry names the thread of a vCPU. A
// switch to such a thread is a load on that CPU, and a switch away from it is a put. Where no sched_switch is recorded,
// kvm_entry is a load, and kvm_exit by HLT is a put.
import { UsageError } from '../../machine/usage-error.js';
import { WordList } from '../stream/word-list.js';
import { MAX_LINE_BYTES, printable, readLines } from './lines.js';
import { Schedule } from './schedule.js';
import { type DeviceEvent, PUT_STATES, type PutState, type SwitchLog } from './switch-log.js';
import {
  EXPECTED_SWITCH,
  type Header,
  readKvmEvent,
  readTraceLine,
  stateOf,
  type Task,
  type TraceEvent,
} from './trace-line.js';
import { UsualLine } from './usual-line.js';

/** A vCPU's thread. */
export interface VcpuThread {
  readonly tid: number;
  /** The n of "CPU n/KVM" or of "kvm_entry: vcpu n". */
  readonly vcpu: number;
  readonly comm: string;
  /** Its process, which is its VM; null if no line names it. */
  readonly tgid: number | null;
}

/** The counts of an empty file. */
const NO_COUNTS = {
  lines: 0,
  eventLines: 0,
  /** sched_switch events of all threads. */
  switchEvents: 0,
  vcpuThreads: 0,
  malformedLines: 0,
  /** Lines that are a sched_switch, but were not read. */
  unreadSwitches: 0,
  /** Events that the recorder says it dropped: a lower bound. */
  lostEvents: 0,
  /** Events that the ring buffer overwrote before anyone read it. */
  overwrittenEvents: 0,
  /** kvm_entry, kvm_exit by HLT, kvm_pi_irte_update and kvm_avic_ga_log. */
  entries: 0,
  halts: 0,
  irteUpdates: 0,
  gaLogEntries: 0,
};

/** The counts of a recording as it is, before any repair. */
export type RecordingCounts = Readonly<typeof NO_COUNTS & Schedule['counts']>;

/** A line that was not read: its number, from 1, and its printable text. */
export interface NamedLine {
  readonly line: number;
  readonly text: string;
}

/** A recording. */
export interface Recording {
  readonly threads: readonly VcpuThread[];
  /** The first switches and the events of devices, in the order of their times. */
  readonly switches: SwitchLog;
  /** The events that the schedule was read from. */
  readonly source: 'sched_switch' | 'kvm_entry';
  readonly counts: RecordingCounts;
  readonly firstMalformed: NamedLine | null;
  readonly firstUnread: NamedLine | null;
  /** CPUs with a switch or an entry, in order, and the CPUs that the host has; null if no line says. */
  readonly cpus: readonly number[];
  readonly hostCpus: number | null;
  /** Time from the first event to the last: nanoseconds, or ticks. */
  readonly span: number;
  readonly isTicks: boolean;
  /** Whether the file was read to its end. */
  readonly isWhole: boolean;
  /** Whether events were sorted by time, and whether their times could not be used. */
  readonly isSorted: boolean;
  readonly hasDeltas: boolean;
  /** A time without an event that is most of the recording's, and the line after it. */
  readonly hole: { readonly line: number; readonly by: number } | null;
  /** The side of the switches that is missing. */
  readonly missing: 'switch-ins' | 'switch-outs' | null;
}

/** What of a recording is wanted. */
export interface Wanted {
  /** Switches to be kept. */
  readonly switches: number;
  /** Whether the rest of the file is counted. */
  readonly countsAll: boolean;
}

/**
 * Reads a recording: the `trace` file of tracefs, or the output of `perf script` or `trace-cmd report`, plain or gzip.
 * Malformed lines are counted and skipped.
 *
 * @throws UsageError if the file cannot be read, holds no switch of a vCPU thread, or cannot be one host's schedule.
 */
export async function readRecording(
  file: string,
  wanted: Wanted = { switches: Number.POSITIVE_INFINITY, countsAll: true },
): Promise<Recording> {
  const reader = new RecordingReader(file, wanted);
  await readLines(file, (...line) => reader.line(...line));
  return reader.finish();
}

/** Names of vCPU threads: QEMU, Firecracker, crosvm, cloud-hypervisor, kvmtool. */
const VCPU_COMM = /^(?:CPU (\d+)\/(?:KVM|TCG|HVF|MSHV)|(?:fc_vcpu |crosvm_vcpu|vcpu|kvm-vcpu-)(\d+))$/;

/** Time by which a tool may print a line too early or too late. A counter has no such unit. */
const JITTER_NS = 1e6;
const LEAST_NS = 1e9;
/** The shortest hole that is told of. */
const LEAST_HOLE_NS = 10e9;

/** Events that are held back, so that per-CPU files can be merged and a kvm_entry can name a thread that came before. */
const HELD_EVENTS = 1 << 17;

/** Part of the switches that may be unread. */
const MAX_UNREAD = 0.01;
/** Part of the switches that may lack the switch before them, and the fewest that are a pattern. */
const MAX_GAPS = 0.2;
const FEWEST_GAPS = 4;

const NO_THREAD = -1;
const NOT_A_VCPU = -1;

/** A thread; another comm makes it another one, because a long recording may use a thread id again. */
interface Thread {
  readonly tid: number;
  /** null if only events of KVM named it so far. */
  comm: string | null;
  /** The comm. */
  bytes: Uint8Array;
  vcpu: number;
  tgid: number | null;
  /** Its number among the vCPU threads; from its first switch or entry on. */
  index: number;
  switches: number;
}

const NO_BYTES = new Uint8Array(0);
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const HASH = 35;

const ENTRY = PUT_STATES.length;
const HALT = ENTRY + 1;
const DEVICE = ENTRY + 2;
const EVENT_WORDS = 4;

/** Reads a recording line by line. */
class RecordingReader {
  readonly #file: string;
  readonly #wanted: Wanted;
  readonly #usual = new UsualLine();
  /** The text that was read last, and whether it has escapes of a terminal. */
  #text = '';
  #hasEscapes = false;
  readonly #counts = { ...NO_COUNTS };
  readonly #kvmEvents = new Map<string, number>();
  #firstMalformed: NamedLine | null = null;
  #firstUnread: NamedLine | null = null;
  /** Files that trace-cmd names in front of the lines. */
  readonly #files = new Set<string>();
  #hostCpus: number | null = null;
  /** Whether the whole file is read, because no part of it is enough. */
  #isWhole = true;

  readonly #threads: Thread[] = [];
  /** The last one with a thread id, and all by thread id and comm. */
  readonly #latest = new Map<number, number>();
  readonly #byName = new Map<string, number>();
  readonly #processes = new Map<number, number>();
  readonly #vcpuThreads: Thread[] = [];

  /** Events that are held back: kind, CPU and two numbers of each, and their times. */
  #held = new WordList();
  #times: number[] = [];
  #devices: DeviceEvent[] = [];
  #isCommitted = false;
  /** Time of the last event, of each CPU and of all; of the first, of the earliest and of the latest. */
  readonly #lastOfCpu: number[] = [];
  #cpus = 0;
  #last = Number.NEGATIVE_INFINITY;
  #first = Number.NaN;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #isTicks = false;
  #events = 0;
  #declines = 0;
  /** Events before the last header, and the events that each CPU had last; a line of a CPU that went on after a header. */
  #headerEvents = 0;
  readonly #eventsOfCpu: number[] = [];
  #goesOn: number | null = null;
  /** The longest time without an event. */
  #gap = { line: 0, by: 0 };
  #isDisordered = false;
  #stepBack: { readonly line: number; readonly by: number; readonly isTicks: boolean } | null = null;
  #canSort = true;

  /** Whether some events were sorted by time. */
  #isSorted = false;

  readonly #switched: Schedule;
  readonly #entered: Schedule;
  #toIdle = 0;
  #fromIdle = 0;

  constructor(file: string, wanted: Wanted) {
    this.#file = file;
    this.#wanted = wanted;
    this.#switched = new Schedule(wanted.switches);
    this.#entered = new Schedule(wanted.switches);
  }

  /** Reads a line. @returns Whether the lines after it are wanted. */
  line(text: string, bytes: Uint8Array, start: number, lineEnd: number, isCut: boolean): boolean {
    this.#counts.lines++;
    if (text !== this.#text) {
      this.#text = text;
      this.#hasEscapes = text.includes('\x1b');
    }
    let end = lineEnd;
    while (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--;
    const isTooLong = lineEnd - start > MAX_LINE_BYTES;
    const isUsual =
      !isTooLong &&
      !this.#hasEscapes &&
      this.#usual.readHeader(bytes, start, end) &&
      (this.#usualSwitch(text, bytes) || this.#usualEvent(text, end));
    if (isTooLong) this.#unread(text.slice(start, end), text.slice(start, end).includes('sched_switch:'));
    else if (!isUsual) this.#anyLine(text.slice(start, end), isCut);
    // The names are aligned to the right, so one of them begins the line.
    const isNamed = bytes[start] !== SPACE && bytes[start] !== HASH;
    if (isNamed || this.#files.size > 0) this.#nameFileOf(text.slice(start, end));
    return this.#isWhole;
  }

  #usualSwitch(text: string, bytes: Uint8Array): boolean {
    const line = this.#usual;
    if (!line.readSwitch()) return false;
    this.#counts.eventLines++;
    const { prevTid, prevFrom, prevEnd, nextTid, nextFrom, nextEnd } = line;
    const prev = this.#usualThread(prevTid, text, bytes, prevFrom, prevEnd);
    const next = this.#usualThread(nextTid, text, bytes, nextFrom, nextEnd);
    const state = stateOf(text.slice(line.stateFrom, line.stateEnd));
    this.#contextSwitch(line, prevTid, prev, PUT_STATES.indexOf(state), next);
    return true;
  }

  /** The thread with a comm that is in the bytes. */
  #usualThread(tid: number, text: string, bytes: Uint8Array, from: number, end: number): number {
    if (tid === 0) return NO_THREAD;
    const latest = this.#latest.get(tid);
    const known = latest === undefined ? undefined : this.#threads[latest];
    if (latest === undefined || known?.comm?.length !== end - from) {
      return this.#threadOf({ tid, comm: text.slice(from, end) });
    }
    for (let index = 0; index < end - from; index++) {
      if (bytes[from + index] !== known.bytes[index])
        return this.#threadOf({ tid, comm: text.slice(from, end) });
    }
    known.switches++;
    return latest;
  }

  /** Reads an event that is no switch, after a usual header. @returns Whether it is one, without another behind it. */
  #usualEvent(text: string, end: number): boolean {
    const { name } = this.#usual;
    const colon = text.indexOf(': ', name);
    const next = text.indexOf(': ', colon + 2);
    if (colon === -1 || colon >= end || (next !== -1 && next < end)) return false;
    const event = text.slice(name, colon);
    if (event.includes('sched_switch') || event.includes('PERF_RECORD_')) return false;
    if (event.includes('kvm_')) {
      const kvm = event.replace('kvm:', '');
      this.#countKvmEvent(kvm);
      const read = readKvmEvent(this.#usual, kvm, text.slice(colon, end));
      if (read !== null) this.#event(read);
    }
    this.#counts.eventLines++;
    return true;
  }

  /** Reads any line. */
  #anyLine(line: string, isCut: boolean): void {
    const counts = this.#counts;
    const read = readTraceLine(line);
    switch (read.kind) {
      case 'remark':
        return;
      case 'header':
        this.#headerEvents = this.#events;
        // A buffer of the same host has a name too.
        if (read.file?.includes('.')) this.#files.add(read.file);
        if (read.cpus !== undefined) this.#hostCpus = read.cpus;
        counts.overwrittenEvents += read.overwritten ?? 0;
        return;
      case 'lost':
        counts.lostEvents += read.events;
        return;
      case 'malformed':
      case 'unread':
        this.#unread(line, read.kind === 'unread' && !isCut);
        return;
    }
    counts.eventLines++;
    const kvm = /kvm_\w+(?=:)/.exec(line);
    if (kvm !== null) this.#countKvmEvent(kvm[0]);
    if (read.kind === 'process') this.#processes.set(read.tid, read.tgid);
    else if (read.kind !== 'event') this.#event(read);
  }

  #countKvmEvent(name: string): void {
    this.#kvmEvents.set(name, (this.#kvmEvents.get(name) ?? 0) + 1);
  }

  /** Notes the file that trace-cmd names in front of a line, if there is one and it ends in .dat. */
  #nameFileOf(line: string): void {
    const name = /^ *(\S+\.dat): /.exec(line)?.[1];
    if (name !== undefined) this.#files.add(name);
  }

  #unread(line: string, isSwitch: boolean): void {
    const named = { line: this.#counts.lines, text: printable(line) };
    if (isSwitch) {
      this.#counts.unreadSwitches++;
      this.#firstUnread ??= named;
    } else {
      this.#counts.malformedLines++;
      this.#firstMalformed ??= named;
    }
  }

  #event(event: TraceEvent): void {
    const counts = this.#counts;
    switch (event.kind) {
      case 'switch':
        this.#contextSwitch(
          event,
          event.prev.tid,
          this.#threadOf(event.prev),
          PUT_STATES.indexOf(event.state),
          this.#threadOf(event.next),
        );
        break;
      case 'entry':
      case 'halt': {
        const thread = this.#currentThread(event.tid);
        this.#tellProcess(thread, event.tgid);
        if (event.kind === 'entry') {
          counts.entries++;
          const known = this.#threads[thread] as Thread;
          if (known.vcpu === NOT_A_VCPU) known.vcpu = event.vcpu;
          this.#hold(event, ENTRY, thread, NO_THREAD);
        } else {
          counts.halts++;
          this.#hold(event, HALT, thread, NO_THREAD);
        }
        break;
      }
      case 'route':
        counts.irteUpdates++;
        this.#hold(event, DEVICE, this.#devices.push(event) - 1, NO_THREAD);
        break;
      case 'wake':
        counts.gaLogEntries++;
        this.#hold(event, DEVICE, this.#devices.push(event) - 1, NO_THREAD);
        break;
    }
  }

  #contextSwitch(header: Header, prevTid: number, prev: number, state: number, next: number): void {
    this.#counts.switchEvents++;
    if (header.tid === prevTid) this.#tellProcess(prev, header.tgid);
    this.#hold(header, state, prev, next);
  }

  #tellProcess(thread: number, tgid: number | null): void {
    if (thread !== NO_THREAD && tgid !== null) (this.#threads[thread] as Thread).tgid ??= tgid;
  }

  #threadOf({ tid, comm }: Task): number {
    if (tid === 0) return NO_THREAD;
    const latest = this.#latest.get(tid);
    const known = latest === undefined ? undefined : (this.#threads[latest] as Thread);
    if (latest !== undefined && known?.comm === comm) {
      known.switches++;
      return latest;
    }
    const key = `${tid} ${comm}`;
    const index =
      this.#byName.get(key) ?? this.#newThread(tid, comm, known?.comm === null ? latest : undefined);
    this.#latest.set(tid, index);
    return index;
  }

  /** The thread in the task column, whose comm may be cut. */
  #currentThread(tid: number): number {
    const latest = this.#latest.get(tid) ?? this.#newThread(tid, null, undefined);
    this.#latest.set(tid, latest);
    return latest;
  }

  /** @param unnamed - The thread that kvm_entry named before its comm was known. */
  #newThread(tid: number, comm: string | null, unnamed: number | undefined): number {
    const index = unnamed ?? this.#threads.length;
    const known = this.#threads[index];
    const thread = known ?? {
      tid,
      comm,
      bytes: NO_BYTES,
      vcpu: NOT_A_VCPU,
      tgid: null,
      index: NO_THREAD,
      switches: 0,
    };
    this.#threads[index] = thread;
    if (comm !== null) {
      // A copy, because the comm may be a part of the text that was read.
      thread.bytes = Uint8Array.from(Buffer.from(comm, 'latin1'));
      thread.comm = Buffer.from(thread.bytes).toString('latin1');
      thread.switches++;
      this.#byName.set(`${tid} ${thread.comm}`, index);
      const name = VCPU_COMM.exec(comm);
      if (name !== null) thread.vcpu = Number(name[1] ?? name[2]);
    }
    return index;
  }

  /** Holds an event back until the order of the events is known. */
  #hold(header: Header, kind: number, one: number, other: number): void {
    this.#lookAtTime(header);
    this.#held.append(kind, header.cpu, one, other);
    this.#times.push(header.time);
    if (this.#times.length < HELD_EVENTS) return;
    // A file of one CPU may be followed by that of another CPU.
    const isInOrder = this.#stepBack === null || this.#hasDeltas;
    if (!isInOrder || (this.#cpus < 2 && this.#hostCpus !== 1)) return;
    this.#isCommitted = true;
    this.#release();
    this.#isWhole = this.#wanted.countsAll || !this.#schedule.log.isFull;
  }

  #lookAtTime({ cpu, time, isTicks }: Header): void {
    if (this.#events++ === 0) this.#first = time;
    const jitter = isTicks && time < LEAST_NS ? 0 : JITTER_NS;
    const by = this.#last - time;
    if (by > 0) {
      this.#declines++;
      this.#isDisordered = true;
    } else if (-by > this.#gap.by && this.#events > 1) {
      this.#gap = { line: this.#counts.lines, by: -by };
    }
    if (by > jitter) this.#stepBack ??= { line: this.#counts.lines, by, isTicks };
    this.#last = time;
    this.#isTicks = isTicks;
    this.#from = Math.min(this.#from, time);
    this.#to = Math.max(this.#to, time);
    const before = this.#lastOfCpu[cpu];
    if (before === undefined) this.#cpus++;
    else if (before - time > jitter) this.#canSort = false;
    this.#lastOfCpu[cpu] = time;
    if ((this.#eventsOfCpu[cpu] ?? Number.POSITIVE_INFINITY) <= this.#headerEvents)
      this.#goesOn ??= this.#counts.lines;
    this.#eventsOfCpu[cpu] = this.#events;
  }

  /** Whether the times are differences, as of perf script --deltatime. */
  get #hasDeltas(): boolean {
    return this.#first === 0 && this.#declines * 4 > this.#events;
  }

  get #hole(): Recording['hole'] {
    const { by } = this.#gap;
    const isPart = this.#isSorted || this.#hasDeltas || by < LEAST_HOLE_NS || by * 2 < this.#to - this.#from;
    return isPart ? null : this.#gap;
  }

  get #schedule(): Schedule {
    const { loads, puts } = this.#switched.counts;
    return loads + puts > 0 ? this.#switched : this.#entered;
  }

  /** Passes the events on that were held back. */
  #release(): void {
    const { words } = this.#held;
    const times = this.#times;
    const isSorted = this.#isDisordered && !this.#hasDeltas;
    this.#isSorted ||= isSorted;
    this.#isDisordered = false;
    const order = isSorted
      ? times.map((_, index) => index).sort((one, other) => (times[one] as number) - (times[other] as number))
      : null;
    for (let index = 0; index < times.length; index++) {
      const at = (order?.[index] ?? index) * EVENT_WORDS;
      const word = (offset: number): number => words[at + offset] as number;
      this.#releaseEvent(word(0), word(1), word(2), word(3));
    }
    this.#held = new WordList();
    this.#times = [];
    this.#devices = [];
  }

  #releaseEvent(kind: number, cpu: number, one: number, other: number): void {
    if (kind === DEVICE) {
      const event = this.#devices[one] as DeviceEvent;
      this.#switched.device(event);
      this.#entered.device(event);
      return;
    }
    const thread = this.#vcpuThread(one);
    if (kind === ENTRY) {
      this.#entered.entry(thread, cpu);
    } else if (kind === HALT) {
      if (thread !== NO_THREAD) this.#entered.put(thread, cpu, 'S');
    } else {
      const next = this.#vcpuThread(other);
      if (thread !== NO_THREAD) this.#switched.put(thread, cpu, PUT_STATES[kind] as PutState);
      if (next !== NO_THREAD) this.#switched.load(next, cpu);
      if (thread !== NO_THREAD && next !== NO_THREAD) this.#switched.counts.vcpuToVcpuSwitches++;
      if (one === NO_THREAD) this.#fromIdle++;
      if (other === NO_THREAD) this.#toIdle++;
    }
  }

  /** The number of a thread among the vCPU threads. */
  #vcpuThread(index: number): number {
    const thread = this.#threads[index];
    if (thread === undefined || thread.vcpu === NOT_A_VCPU) return NO_THREAD;
    if (thread.index === NO_THREAD) thread.index = this.#vcpuThreads.push(thread) - 1;
    return thread.index;
  }

  finish(): Recording {
    this.#refuseMixture();
    this.#release();
    const { counts: ofSchedule, log } = this.#schedule;
    const counts = { ...this.#counts, ...ofSchedule, vcpuThreads: this.#vcpuThreads.length };
    this.#refuseUnread(counts);
    const missing = this.#missing(counts);
    return {
      threads: this.#vcpuThreads.map(({ tid, vcpu, comm, tgid }) => ({
        tid,
        vcpu,
        comm: comm ?? '',
        tgid: tgid ?? this.#processes.get(tid) ?? null,
      })),
      switches: log,
      source: this.#schedule === this.#switched ? 'sched_switch' : 'kvm_entry',
      counts,
      firstMalformed: this.#firstMalformed,
      firstUnread: this.#firstUnread,
      cpus: Object.keys(this.#lastOfCpu).map(Number),
      hostCpus: this.#hostCpus,
      span: this.#to - this.#from,
      isTicks: this.#isTicks,
      isWhole: this.#isWhole,
      isSorted: this.#isSorted,
      hasDeltas: this.#hasDeltas,
      hole: this.#hole,
      missing,
    };
  }

  #refuse(what: string): never {
    throw new UsageError(`${this.#file}: ${what}`);
  }

  /** Refuses several recordings in one file. */
  #refuseMixture(): void {
    const [one, other] = this.#files;
    if (other !== undefined) {
      this.#refuse(`it holds the recordings ${one} and ${other}: run trace-cmd report on each alone`);
    }
    if (this.#goesOn !== null) {
      this.#refuse(
        `a header comes before line ${this.#goesOn}, where a CPU goes on: pass one recording at a time`,
      );
    }
    const step = this.#stepBack;
    if (step === null || this.#hasDeltas || (this.#canSort && !this.#isCommitted)) return;
    this.#refuse(
      `line ${step.line} is ${spanText(step.by, step.isTicks)} earlier than the event before it, and its CPU has ` +
        'later events before it: it holds two recordings, or its lines are not sorted by time; pass one recording ' +
        'at a time, sorted',
    );
  }

  /** Refuses a file that is not read, or only in part. */
  #refuseUnread({ lines, switchEvents, unreadSwitches, malformedLines, vcpuThreads }: RecordingCounts): void {
    const first = this.#firstUnread;
    if (first !== null && unreadSwitches > MAX_UNREAD * (switchEvents + unreadSwitches)) {
      this.#refuse(
        `line ${first.line} is a context switch that cannot be read, one of ${unreadSwitches} beside ${switchEvents} ` +
          `that were read: ${first.text}; expected ${EXPECTED_SWITCH}`,
      );
    }
    if (vcpuThreads > 0) return;
    const names = new Map<string, number>();
    for (const { comm, switches } of this.#threads) {
      if (comm !== null) names.set(comm, (names.get(comm) ?? 0) + switches);
    }
    const mostly = (found: ReadonlyMap<string, number>): string =>
      [...found]
        .toSorted(([, one], [, other]) => other - one)
        .slice(0, 5)
        .map(([name, times]) => `${printable(name)} (${times})`)
        .join(', ') || 'none';
    this.#refuse(
      `no vCPU thread in ${lines} lines with ${switchEvents} sched_switch events (${malformedLines} malformed). ` +
        `Threads that switched most: ${mostly(names)}. Events of KVM: ${mostly(this.#kvmEvents)}. QEMU names its vCPU ` +
        'threads "CPU <n>/KVM" with -name NAME,debug-threads=on, and the event kvm:kvm_entry names them in any case',
    );
  }

  /** The missing side of the switches. Refuses two hosts, whose switches contradict each other on both sides. */
  #missing({ loads, puts, lostEvents }: RecordingCounts): Recording['missing'] {
    if (this.#schedule !== this.#switched) return null;
    const { loadsWithoutPut, putsWithoutLoad, loadsOnBusyCpu } = this.#switched;
    const isPattern = (gaps: number, all: number) => gaps >= FEWEST_GAPS && gaps > MAX_GAPS * all;
    const lacksPuts = isPattern(loadsWithoutPut, loads);
    const lacksLoads = isPattern(putsWithoutLoad, puts);
    const isTwice = lacksPuts ? lacksLoads : !lacksLoads && isPattern(loadsOnBusyCpu, loads);
    if (isTwice && lostEvents === 0) {
      this.#refuse(
        'vCPU threads run on two CPUs at once, or two on one CPU: it holds two hosts or two recordings; pass the ' +
          'recording of one host',
      );
    }
    if (lacksLoads || (this.#toIdle > 0 && this.#fromIdle === 0)) return 'switch-ins';
    return lacksPuts || (this.#fromIdle > 0 && this.#toIdle === 0) ? 'switch-outs' : null;
  }
}

/** A time in words. */
export function spanText(time: number, isTicks: boolean): string {
  return isTicks ? `${time} ticks of its clock` : `${(time / 1e9).toPrecision(4)} s`;
}
