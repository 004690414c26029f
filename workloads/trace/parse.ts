// Reads the recording of a real host: its sched_switch lines say which vCPU threads ran on which CPU. The kernel has no
// tracepoint for vCPU load and put, but every VMM names its vCPU threads, and kvm_entry names the thread of a vCPU. A
// switch to such a thread is a load on that CPU, and a switch away from it is a put. Where no sched_switch is recorded,
// kvm_entry is a load, and kvm_exit by HLT is a put.
import { UsageError } from '../../machine/usage-error.js';
import { EventOrder } from './event-order.js';
import { isAt, latin1, MAX_LINE_BYTES, printable, readLines } from './lines.js';
import { Schedule } from './schedule.js';
import { type DeviceEvent, PUT_STATES, type PutState } from './switch-log.js';
import { type Thread, Threads } from './threads.js';
import {
  EXPECTED_SWITCH,
  type Header,
  readKvmEvent,
  readSwitchPayload,
  readTraceLine,
  type SwitchPayload,
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

/** The count that an event of KVM adds to. */
const KVM_COUNTS = { entry: 'entries', halt: 'halts', route: 'irteUpdates', wake: 'gaLogEntries' } as const;

/** The counts of a recording as it is, before any repair. */
export type RecordingCounts = Readonly<typeof NO_COUNTS & Schedule['counts']>;

/** A line that was not read: its number, from 1, and its printable text. */
export interface NamedLine {
  readonly line: number;
  readonly text: string;
}

/** A recording. */
export type Recording = Readonly<ReturnType<RecordingReader['finish']>>;

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
  await readLines(file, (bytes, start, end, isCut) => reader.line(bytes, start, end, isCut));
  return reader.finish();
}

/** Part of the switches that may be unread. */
const MAX_UNREAD = 0.01;
/** Part of the switches that may lack the switch before them, and the fewest that are a pattern. */
const MAX_GAPS = 0.2;
const FEWEST_GAPS = 4;

/** Kinds of events beside the states of a switch. */
const ENTRY = PUT_STATES.length;
const HALT = ENTRY + 1;
const DEVICE = ENTRY + 2;
/** A number of an event that it does not need, or the idle thread. */
const NONE = -1;

const CARRIAGE_RETURN = 13;
const ESCAPE = 27;
const SPACE = 32;
const HASH = 35;

/** Reads a recording line by line. */
class RecordingReader {
  readonly #file: string;
  readonly #wanted: Wanted;
  readonly #usual = new UsualLine();
  /** The bytes that were read last, and whether they have escapes of a terminal. */
  #bytes: Buffer = Buffer.alloc(0);
  #hasEscapes = false;
  /** Name of the last event that was not used, because the next is often another of these. */
  #plainName = '';
  readonly #counts = { ...NO_COUNTS };
  #firstMalformed: NamedLine | null = null;
  #firstUnread: NamedLine | null = null;
  readonly #kvmEvents = new Map<string, number>();
  /** Files that trace-cmd names in front of the lines. */
  readonly #files = new Set<string>();
  #hostCpus: number | null = null;
  /** Whether the whole file is read, because no part of it is enough. */
  #isWhole = true;

  readonly #threads = new Threads();
  readonly #devices: DeviceEvent[] = [];
  readonly #order = new EventOrder((kind, cpu, one, other) => this.#passedOn(kind, cpu, one, other));
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
  line(bytes: Buffer, start: number, lineEnd: number, isCut: boolean): boolean {
    this.#counts.lines++;
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#hasEscapes = bytes.includes(ESCAPE);
    }
    let end = lineEnd;
    while (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--;
    const isTooLong = lineEnd - start > MAX_LINE_BYTES;
    const isUsual =
      !isTooLong &&
      !this.#hasEscapes &&
      this.#usual.readHeader(bytes, start, end) &&
      (this.#usualSwitch(bytes, end) || this.#usualEvent(bytes, end));
    // The names of files are aligned to the right, so one of them begins the line.
    const mayNameFile = (bytes[start] !== SPACE && bytes[start] !== HASH) || this.#files.size > 0;
    if (isUsual && !mayNameFile) return this.#isWhole;
    const line = latin1(bytes, start, end);
    if (isTooLong) this.#unread(line, line.includes('sched_switch:'));
    else if (!isUsual) this.#anyLine(line, isCut);
    if (mayNameFile) {
      // The file that trace-cmd names in front of a line.
      const name = /^ *(\S+\.dat): /.exec(line)?.[1];
      if (name !== undefined) this.#files.add(name);
    }
    return this.#isWhole;
  }

  #usualSwitch(bytes: Buffer, end: number): boolean {
    const line = this.#usual;
    if (line.readSwitch()) {
      const prev = this.#threads.find(line.prevTid, bytes, line.prevFrom, line.prevEnd);
      const next = this.#threads.find(line.nextTid, bytes, line.nextFrom, line.nextEnd);
      this.#contextSwitch(line, prev, line.state, next);
    } else {
      const read = line.payload === -1 ? null : readSwitchPayload(latin1(bytes, line.payload, end));
      if (read === null) return false;
      this.#namedSwitch(line, read);
    }
    this.#counts.eventLines++;
    return true;
  }

  /** Reads an event that is no switch, after a usual header. @returns Whether it is one, without another behind it. */
  #usualEvent(bytes: Buffer, end: number): boolean {
    const from = this.#usual.name;
    const colon = this.#usual.colonAfter(from);
    if (colon === null || this.#usual.colonAfter(colon + 1) !== null) return false;
    if (isAt(this.#plainName, bytes, from, colon)) {
      this.#counts.eventLines++;
      return true;
    }
    const name = latin1(bytes, from, colon);
    if (name.includes('sched_switch') || name.includes('PERF_RECORD_')) return false;
    if (name.includes('kvm_')) {
      const kvm = name.replace('kvm:', '');
      this.#countKvmEvent(kvm);
      const read = readKvmEvent(this.#usual, kvm, latin1(bytes, colon, end));
      if (read !== null) this.#event(read);
    } else {
      this.#plainName = name;
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
        this.#order.header();
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
    if (read.kind === 'process') this.#threads.processes.set(read.tid, read.tgid);
    else if (read.kind !== 'event') this.#event(read);
  }

  #countKvmEvent(name: string): void {
    this.#kvmEvents.set(name, (this.#kvmEvents.get(name) ?? 0) + 1);
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
    if (event.kind === 'switch') {
      this.#namedSwitch(event, event);
      return;
    }
    this.#counts[KVM_COUNTS[event.kind]]++;
    if (event.kind === 'route' || event.kind === 'wake') {
      this.#hold(event, DEVICE, this.#devices.push(event) - 1);
      return;
    }
    const thread = this.#threads.current(event.tid);
    thread.tgid ??= event.tgid;
    if (event.kind === 'entry') thread.vcpu ??= event.vcpu;
    this.#hold(event, event.kind === 'entry' ? ENTRY : HALT, thread.id);
  }

  #namedSwitch(header: Header, { prev, state, next }: SwitchPayload): void {
    const one = this.#threads.findNamed(prev.tid, prev.comm);
    this.#contextSwitch(header, one, state, this.#threads.findNamed(next.tid, next.comm));
  }

  #contextSwitch(header: Header, prev: Thread | null, state: PutState, next: Thread | null): void {
    this.#counts.switchEvents++;
    if (prev?.tid === header.tid) prev.tgid ??= header.tgid;
    this.#hold(header, PUT_STATES.indexOf(state), prev?.id ?? NONE, next?.id ?? NONE);
  }

  #hold(header: Header, kind: number, one: number, other = NONE): void {
    if (!this.#order.hold(header, this.#counts.lines, this.#hostCpus === 1, kind, one, other)) return;
    this.#devices.length = 0;
    this.#isWhole = this.#wanted.countsAll || !this.#schedule.log.isFull;
  }

  /** The schedule of the switches, or of the entries where no switch is of a vCPU thread. */
  get #schedule(): Schedule {
    const { loads, puts } = this.#switched.counts;
    return loads + puts > 0 ? this.#switched : this.#entered;
  }

  /** Takes an event in the order of time. */
  #passedOn(kind: number, cpu: number, one: number, other: number): void {
    if (kind === DEVICE) {
      const event = this.#devices[one] as DeviceEvent;
      for (const { log } of [this.#switched, this.#entered]) log.append(event);
      return;
    }
    const thread = this.#threads.vcpuIndex(one);
    if (kind === ENTRY) {
      if (thread !== null) this.#entered.entry(thread, cpu);
    } else if (kind === HALT) {
      if (thread !== null) this.#entered.put(thread, cpu, 'S');
    } else {
      const next = this.#threads.vcpuIndex(other);
      if (thread !== null) this.#switched.put(thread, cpu, PUT_STATES[kind] as PutState);
      if (next !== null) this.#switched.load(next, cpu);
      if (thread !== null && next !== null) this.#switched.counts.vcpuToVcpuSwitches++;
      if (one === NONE) this.#fromIdle++;
      if (other === NONE) this.#toIdle++;
    }
  }

  finish() {
    const [one, another] = this.#files;
    if (another !== undefined) {
      this.#refuse(`it holds the recordings ${one} and ${another}: run trace-cmd report on each alone`);
    }
    const disorder = this.#order.finish();
    if (disorder !== null) this.#refuse(disorder);
    const schedule = this.#schedule;
    const source: 'sched_switch' | 'kvm_entry' = schedule === this.#switched ? 'sched_switch' : 'kvm_entry';
    const { vcpus, processes } = this.#threads;
    const counts: RecordingCounts = { ...this.#counts, ...schedule.counts, vcpuThreads: vcpus.length };
    this.#refuseUnread(counts);
    return {
      ...this.#order.times,
      threads: vcpus.map(
        ({ tid, vcpu, comm, tgid }): VcpuThread => ({
          tid,
          vcpu: vcpu as number,
          comm: comm ?? '',
          tgid: tgid ?? processes.get(tid) ?? null,
        }),
      ),
      /** The first switches and the events of devices, in the order of their times. */
      switches: schedule.log,
      /** The events that the schedule was read from. */
      source,
      counts,
      firstMalformed: this.#firstMalformed,
      firstUnread: this.#firstUnread,
      /** The CPUs of the host; null if no line says. */
      hostCpus: this.#hostCpus,
      /** Whether the file was read to its end. */
      isWhole: this.#isWhole,
      /** The side of the switches that is missing. */
      missing: schedule === this.#switched ? this.#missing(counts) : null,
    };
  }

  #refuse(what: string): never {
    throw new UsageError(`${this.#file}: ${what}`);
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
    for (const { comm, switches } of this.#threads.all) {
      if (comm !== null) names.set(comm, (names.get(comm) ?? 0) + switches);
    }
    const mostly = (found: ReadonlyMap<string, number>): string =>
      [...found]
        .toSorted(([, one], [, other]) => other - one)
        .slice(0, 5)
        .map(([name, times]) => `${printable(name)} (${times})`)
        .join(', ') || 'none';
    const malformed = this.#firstMalformed;
    const named = malformed === null ? '' : `, the first in line ${malformed.line}: ${malformed.text}`;
    this.#refuse(
      `no vCPU thread in ${lines} lines with ${switchEvents} sched_switch events (${malformedLines} malformed${named}). ` +
        `Threads that switched most: ${mostly(names)}. Events of KVM: ${mostly(this.#kvmEvents)}. QEMU names its vCPU ` +
        'threads "CPU <n>/KVM" with -name NAME,debug-threads=on, and the event kvm:kvm_entry names them in any case',
    );
  }

  /** The missing side of the switches. Refuses two hosts, whose switches contradict each other on both sides. */
  #missing({ loads, puts, lostEvents }: RecordingCounts): 'switch-ins' | 'switch-outs' | null {
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
