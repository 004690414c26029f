// Reads one line of trace text: the grammar of the `trace` file, of `perf script` and of `trace-cmd report`.
//
//   COMM-PID [(TGID)] [CPU] [FLAGS] TIME: ANY sched_switch: PAYLOAD ANY      ftrace, trace-cmd
//   COMM TGID/PID [CPU] [MISC] TIME: ANY sched:sched_switch: PAYLOAD ANY     perf
//   COMM-PID CPUFLAGS TIMEus: sched_switch: PAYLOAD                          ftrace and trace-cmd, latency format
//
// PAYLOAD is one of these; the first has numbers for the state and no arrow where the raw fields are printed:
//
//   prev_comm=COMM prev_pid=PID prev_prio=N prev_state=STATE ==> next_comm=COMM next_pid=PID next_prio=N
//   COMM:PID [N] STATE ==> COMM:PID [N]
//
// A comm is up to 15 arbitrary bytes: too short to hold a whole payload, but not a whole header. So the header is the
// last one before the event's name, and ANY holds no colon, which would end the name of another event.
import type { DeviceEvent, PutState } from './switch-log.js';

/** What stands before an event's name. */
export interface Header {
  /** The current thread. */
  readonly tid: number;
  /** Its thread group, or null if the line does not say. */
  readonly tgid: number | null;
  readonly cpu: number;
  /** Nanoseconds, or ticks. */
  readonly time: number;
  /** Whether the clock is a counter. */
  readonly isTicks: boolean;
}

/** A context switch. */
export type SwitchPayload = { readonly kind: 'switch'; readonly state: PutState } & Readonly<
  Record<'prev' | 'next', { readonly comm: string; readonly tid: number }>
>;

/** An event that this project uses. */
export type TraceEvent = Header &
  (
    | SwitchPayload
    | { readonly kind: 'entry'; readonly vcpu: number }
    | { readonly kind: 'halt' }
    | DeviceEvent
  );

/** The content of a line. */
export type TraceLine =
  | TraceEvent
  /** Another event. */
  | { readonly kind: 'event' }
  /** A blank line, a comment, a stack entry. */
  | { readonly kind: 'remark' }
  /** A line of a tool's header; it may name the file and the host's CPUs. */
  | { readonly kind: 'header'; readonly file?: string; readonly cpus?: number; readonly overwritten?: number }
  /** The recorder dropped events here; 1 if the line has no number. */
  | { readonly kind: 'lost'; readonly events: number }
  /** A thread's process. */
  | { readonly kind: 'process'; readonly tid: number; readonly tgid: number }
  | { readonly kind: 'malformed' }
  /** Malformed, and a context switch. */
  | { readonly kind: 'unread' };

const PID = String.raw`\d{1,7}`; // PID_MAX_LIMIT is 4194304
const COMM = '.{0,15}'; // TASK_COMM_LEN is 16, with its NUL
const STATE = String.raw`\S{1,16}`;
const NUMBER = '(0x[0-9a-f]+|-?[0-9]+)';
// Raw fields are printed as 0x10 (16).
const VALUE = String.raw`${NUMBER}(?: \([^)]*\))?`;
const TIME = String.raw`(\d+(?:\.\d+)?)(?![\d.])[ \t]*([um]s)?`;
// "[003] d..2.  ", "[003] K  ", "[003]" before twelve digits, "[003] d..2." before as many;
// "3d..2. "; "3 1 00000002 00000000 [0000012c] ".
const CPU = String.raw`(?:\[(\d{1,5})\]\s*(?:[^\s\d:]{3}[^\s:][^\s\d:]|(?:[^\s:[\]]{1,8}\s+){0,2})|(\d{1,5})[A-Za-z.][^\s:]{3,7}\s+|(\d{1,5})\s+\d+\s+[0-9a-f]{8}\s+(?:[0-9a-f]{8}\s+)?\[[0-9a-f]+\]\s+)`;
const HEADER = String.raw`(?:^|[-\s])(?:(-?${PID})/)?(${PID})\s+(?:\(\s*(${PID}|-+)\)\s+)?${CPU}${TIME}`;
const HEADERS = new RegExp(HEADER, 'g');
/** From the time to the event's name. */
const ANY = /^[^:]*:[^:]*(?:[A-Za-z_]\w*:)?$/;

const TAIL = String.raw`(?=\s|$)(?!.*sched_switch:)`;
const PRINT_FORMAT = new RegExp(
  String.raw`^[^=]*?prev_comm=(${COMM})\sprev_pid=${VALUE}\sprev_prio=${VALUE}\sprev_state=(${STATE})(?: \([^)]*\))?\s` +
    String.raw`(?:==>\s)?next_comm=(${COMM})\snext_pid=${VALUE}\snext_prio=${VALUE}${TAIL}`,
  's',
);
const TRACE_CMD_FORMAT = new RegExp(
  String.raw`^\s*(${COMM}):(${PID})\s\[-?\d+\]\s(${STATE})\s==>\s(${COMM}):(${PID})\s\[-?\d+\]${TAIL}`,
  's',
);
const SWITCH_NAMES = /sched_switch(?::\w+)?:/g;
/** The name at the end, because a mailer wrapped the line; and what a payload holds, however it is printed. */
const NAME_AT_END = /sched_switch(?::\w+)?:\s*$/;
const IN_PAYLOAD = /\b(?:prev|next)_\w+ ?=|==>/;
/** No header or payload is longer. */
const LONGEST = 1024;
/** What a switch that is not read was expected to be. */
export const EXPECTED_SWITCH =
  '"TASK-PID [CPU] TIME: sched_switch: prev_comm=... prev_pid=... prev_prio=... prev_state=... ==> next_comm=... ' +
  'next_pid=... next_prio=..." on one line, as perf script, trace-cmd report and the trace file print it';

// The function tracer, stack traces and perf's own records have no colon after their name.
const EVENT = new RegExp(String.raw`${HEADER}[^:]*:\s+(?:.*:\s|.* <-|<stack trace>|PERF_RECORD_)`, 's');
const KVM_NAME = /(?<![\w])(kvm_\w+):\s/;

const REMARK =
  /^(?:[ \t]*|version *= *\d+|CPU:? *\d+ is empty|PERF_RECORD_FINISHED_ROUND| => .*|=> .*|\t *[0-9a-f]+ .*\))$/s;
const CPUS = /^ *(?:(\S+): +)?cpus *= *(\d+)$/;
const LOST = /^(?:.*: +)?CPU:\d+ \[(?:LOST (?:(\d+) )?EVENTS|(?:(\d+) )?EVENTS DROPPED)\]$/s;
const PERF_LOST = /PERF_RECORD_LOST(?:_SAMPLES)? lost (\d+)/;
const PERF_COMM = /PERF_RECORD_COMM(?: exec)?: .{0,15}:(\d+)\/(\d+)$/s;
const COMMENT =
  /^#.*?(?:entries-in-buffer\/entries-written: (\d+)\/(\d+) .*?)?(?:#P:|nrcpus online *: *)(\d+)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: grep --color writes these.
const COLOURS = /\x1b\[[\d;]*[mK]/g;

/**
 * Reads one line.
 *
 * @param raw - Its bytes as Latin-1 characters, without the line end.
 */
export function readTraceLine(raw: string): TraceLine {
  const line = raw.includes('\x1b[') ? raw.replace(COLOURS, '') : raw;
  if (line.includes('sched_switch') || line.includes('prev_comm=')) {
    for (const { 0: name, index } of line.matchAll(SWITCH_NAMES)) {
      const header = readHeader(line.slice(Math.max(0, index - LONGEST), index));
      if (header === null) continue;
      const from = index + name.length;
      const payload = readSwitchPayload(line.slice(from, from + LONGEST));
      return payload ? { ...header, ...payload } : { kind: 'unread' };
    }
    const isNamed = /sched_switch(?::\w+)?:/.test(line);
    const hasPayload = line.includes('prev_comm=') && line.includes(' next_comm=');
    if (hasPayload || (isNamed && (IN_PAYLOAD.test(line) || NAME_AT_END.test(line))))
      return { kind: 'unread' };
  }
  if (line.startsWith('#')) {
    const found = COMMENT.exec(line);
    if (found === null) return { kind: line.startsWith('# tracer:') ? 'header' : 'remark' };
    return {
      kind: 'header',
      cpus: Number(found[3]),
      overwritten: Number(found[2] ?? 0) - Number(found[1] ?? 0),
    };
  }
  const lost = LOST.exec(line);
  if (lost !== null) return { kind: 'lost', events: Number(lost[1] ?? lost[2] ?? 1) };
  if (EVENT.test(line)) return otherEvent(line);
  const cpus = CPUS.exec(line);
  if (cpus !== null) return { kind: 'header', cpus: Number(cpus[2]), ...(cpus[1] && { file: cpus[1] }) };
  return { kind: REMARK.test(line) ? 'remark' : 'malformed' };
}

function otherEvent(line: string): TraceLine {
  if (line.includes('PERF_RECORD_')) {
    const lost = PERF_LOST.exec(line);
    if (lost !== null) return { kind: 'lost', events: Number(lost[1]) };
    const comm = PERF_COMM.exec(line);
    if (comm !== null) return { kind: 'process', tgid: Number(comm[1]), tid: Number(comm[2]) };
  }
  const kvm = KVM_NAME.exec(line);
  const header = kvm && readHeader(line.slice(0, kvm.index));
  return (header && readKvmEvent(header, kvm[1] as string, line.slice(kvm.index))) ?? { kind: 'event' };
}

/** The header at the end of what stands before an event's name. */
function readHeader(head: string): Header | null {
  // Of those that end at the same place, the longest. A comm can look like the begin of one, so they may overlap.
  let found: RegExpExecArray | undefined;
  HEADERS.lastIndex = 0;
  for (let next = HEADERS.exec(head); next !== null; next = HEADERS.exec(head)) {
    if (found === undefined || HEADERS.lastIndex > found.index + found[0].length) found = next;
    HEADERS.lastIndex = next.index + 1;
  }
  if (found === undefined || !ANY.test(head.slice(found.index + found[0].length))) return null;
  const [, perfTgid, tid, tgid, cpu, cpuOfLatency, cpuOfVerbose, time = '', unit] = found;
  // NaN if the column is missing or holds dashes.
  const group = Number(perfTgid ?? tgid);
  const [whole = '', decimals] = time.split('.');
  return {
    tid: Number(tid),
    tgid: group > 0 ? group : null,
    cpu: Number(cpu ?? cpuOfLatency ?? cpuOfVerbose),
    time:
      unit !== undefined
        ? Math.round(Number(time) * (unit === 'us' ? 1e3 : 1e6))
        : decimals === undefined
          ? Number(whole)
          : Number(whole) * 1e9 + Number(decimals.slice(0, 9).padEnd(9, '0')),
    isTicks: unit === undefined && decimals === undefined,
  };
}

/** What follows the name sched_switch; null if it is no switch. */
export function readSwitchPayload(payload: string): SwitchPayload | null {
  const print = payload.includes('prev_comm=') ? PRINT_FORMAT.exec(payload) : null;
  const found = print ?? TRACE_CMD_FORMAT.exec(payload);
  if (found === null) return null;
  const fields = print === null ? found.slice(1) : [1, 2, 4, 5, 6].map((index) => print[index]);
  const [prevComm, prevTid, state, nextComm, nextTid] = fields as [string, string, string, string, string];
  return {
    kind: 'switch',
    prev: { comm: prevComm, tid: Number(prevTid) },
    state: stateOf(state),
    next: { comm: nextComm, tid: Number(nextTid) },
  };
}

/** @param printed - Such as R, R+, S or D|K; raw fields have a number, whose bit 0 is S, and whose high bits are the +. */
export function stateOf(printed: string): PutState {
  if (printed === 'R' || printed === 'R+' || printed === 'S') return printed;
  const bits = Number(printed);
  if (Number.isNaN(bits)) return 'other';
  if (bits === 0) return 'R';
  return (bits & 0xff) === 0 ? 'R+' : (bits & 1) === 1 ? 'S' : 'other';
}

const numberAfter = (name: string) => new RegExp(`\\b${name}${NUMBER}`);
const VCPU = numberAfter('vcpu(?:_id)?[ =]');
const EXIT_REASON = numberAfter('exit_reason=');
const IRQ = numberAfter('(?:host_irq=|irq )');
const GUEST_VECTOR = numberAfter('gvec[=:] ?');
const GA_LOG_VM = numberAfter('vmid=');
const GA_LOG_VCPU = numberAfter('vcpuid=');
// Intel prints HLT, AMD hlt and idle-hlt; raw, VMX has 12, SVM 0x78.
const HALT = /\breason (?:\S*[_-])?hlt(?=\s|$)/i;

/** An event of KVM; null if it is none that is used. @param text - From the event's name. */
export function readKvmEvent(header: Header, name: string, text: string): TraceEvent | null {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
  switch (name) {
    case 'kvm_entry':
      return VCPU.test(text) ? { ...header, kind: 'entry', vcpu: number(VCPU) } : null;
    case 'kvm_exit': {
      const isHalt = HALT.test(text) || [12, 0x78].includes(number(EXIT_REASON));
      return isHalt ? { ...header, kind: 'halt' } : null;
    }
    case 'kvm_pi_irte_update': {
      const vector = /\bPI is enabled|\bset=(?:0x)?1/.test(text) ? number(GUEST_VECTOR) : null;
      return IRQ.test(text)
        ? { ...header, kind: 'route', irq: number(IRQ), vcpu: number(VCPU), vector }
        : null;
    }
    case 'kvm_avic_ga_log':
      return { ...header, kind: 'wake', vm: number(GA_LOG_VM), vcpu: number(GA_LOG_VCPU) };
    default:
      return null;
  }
}
