// Reads one line of trace text: the grammar of the `trace` file, of `perf script` and of `trace-cmd report`.
//
//   COMM-PID [(TGID)] [CPU] [FLAGS] TIME: sched_switch: PAYLOAD       ftrace, trace-cmd
//   COMM PID [CPU] TIME: sched:sched_switch: PAYLOAD                  perf; TGID/PID with -F +pid
//
// PAYLOAD is one of these; the second is from trace-cmd:
//
//   prev_comm=COMM prev_pid=PID prev_prio=N prev_state=STATE ==> next_comm=COMM next_pid=PID next_prio=N
//   COMM:PID [N] STATE ==> COMM:PID [N]
//
// A comm is up to 15 arbitrary bytes, and trace-cmd may put the name of a buffer in front. So one expression matches
// from the PID to the end of the line: no comm is long enough to contain a whole piece of it.

/** One side of a context switch. */
export interface Task {
  readonly comm: string;
  readonly tid: number;
}

/** A context switch. */
export interface ContextSwitch {
  readonly kind: 'switch';
  readonly cpu: number;
  readonly prev: Task;
  /** prev_state as printed, such as R, R+, S or D|K. */
  readonly state: string;
  /** Thread group of `prev`, or null if the line does not say. */
  readonly tgid: number | null;
  readonly next: Task;
}

/** The content of a line. */
export type TraceLine =
  | ContextSwitch
  /** Another event. */
  | { readonly kind: 'event' }
  /** A blank line, a comment, a tool's header, a stack entry of the event before. */
  | { readonly kind: 'remark' }
  /** The recorder dropped events here; 1 if the line has no number. */
  | { readonly kind: 'lost'; readonly events: number }
  /** The header of the `trace` file: events that were overwritten before it was read. */
  | { readonly kind: 'overwritten'; readonly events: number }
  | { readonly kind: 'malformed' };

const PID = String.raw`\d{1,7}`; // PID_MAX_LIMIT is 4194304
const COMM = '.{0,15}'; // TASK_COMM_LEN is 16, with its NUL
const STATE = String.raw`\S{1,16}`;
const HEADER =
  String.raw`[- ](?:(${PID})/)?(${PID}) +(?:\( *(${PID}|-+)\) +)?` +
  String.raw`\[(\d{1,5})\] +(?:[^ :]{3,8} +)?\d+(?:\.\d+)?: +`;

const PRINT_FORMAT =
  String.raw`prev_comm=(${COMM}) prev_pid=(${PID}) prev_prio=-?\d+ prev_state=(${STATE}) ==> ` +
  String.raw`next_comm=(${COMM}) next_pid=(${PID}) next_prio=-?\d+`;
const TRACE_CMD_FORMAT = String.raw`(${COMM}):(${PID}) \[-?\d+\] (${STATE}) ==> (${COMM}):(${PID}) \[-?\d+\]`;

const SWITCH = new RegExp(
  `${HEADER}(?:sched:)?sched_switch: +(?:${PRINT_FORMAT}|${TRACE_CMD_FORMAT}) *$`,
  's',
);
const SWITCH_BEGUN = new RegExp(String.raw`${HEADER}(?:sched:)?sched_switch(?!\w)`, 's');
// The function tracer, stack traces and perf's own records have no colon after their name.
const EVENT = new RegExp(`${HEADER}(?:.*: |.* <-|<stack trace>|PERF_RECORD_)`, 's');

const REMARK =
  /^(?:[ \t]*|cpus *= *\d+|version *= *\d+|CPU:? *\d+ is empty| => .*|=> .*|\t *[0-9a-f]+ .*\))$/s;
const LOST = /^(?:.*: +)?CPU:\d+ \[(?:LOST (?:(\d+) )?EVENTS|(?:(\d+) )?EVENTS DROPPED)\]$/s;
const PERF_LOST = new RegExp(`${HEADER}PERF_RECORD_LOST(?:_SAMPLES)? lost (\\d+)`, 's');
const ENTRIES = /^# *entries-in-buffer\/entries-written: (\d+)\/(\d+)/;

/**
 * Reads one line.
 *
 * @param line - Its bytes as Latin-1 characters, without the line end.
 */
export function readTraceLine(line: string): TraceLine {
  if (line.includes('sched_switch')) {
    const found = SWITCH.exec(line);
    if (found !== null) return contextSwitch(found);
    if (SWITCH_BEGUN.test(line)) return { kind: 'malformed' };
  }
  if (line.startsWith('#')) {
    const entries = ENTRIES.exec(line);
    const overwritten = entries === null ? 0 : Number(entries[2]) - Number(entries[1]);
    return overwritten > 0 ? { kind: 'overwritten', events: overwritten } : { kind: 'remark' };
  }
  const lost = LOST.exec(line);
  if (lost !== null) return { kind: 'lost', events: Number(lost[1] ?? lost[2] ?? 1) };
  if (line.includes('PERF_RECORD_LOST')) {
    const perfLost = PERF_LOST.exec(line);
    if (perfLost !== null) return { kind: 'lost', events: Number(perfLost[5]) };
  }
  if (EVENT.test(line)) return { kind: 'event' };
  return { kind: REMARK.test(line) ? 'remark' : 'malformed' };
}

function contextSwitch(found: RegExpExecArray): ContextSwitch {
  const [, perfTgid, current, tgid, cpu, ...payload] = found;
  const [prevComm, prevTid, state, nextComm, nextTid] = (
    payload[0] === undefined ? payload.slice(5) : payload
  ) as [string, string, string, string, string];
  const group = Number(perfTgid ?? tgid);
  return {
    kind: 'switch',
    cpu: Number(cpu),
    prev: { comm: prevComm, tid: Number(prevTid) },
    state,
    // NaN if the column is missing or holds dashes.
    tgid: group > 0 && current === prevTid ? group : null,
    next: { comm: nextComm, tid: Number(nextTid) },
  };
}
