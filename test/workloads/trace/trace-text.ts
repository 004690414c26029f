// Trace text for tests, rendered as the tools print it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** Compiled tests run in dist/test/workloads/trace; the samples stay in the source tree. */
const SAMPLES = join(import.meta.dirname, '../../../../test/workloads/trace/samples');

/** Path of a sample file. */
export function sample(name: string): string {
  return join(SAMPLES, name);
}

const directory = mkdtempSync(join(tmpdir(), 'gatag-bench-trace-'));
after(() => rmSync(directory, { recursive: true }));
let written = 0;

/**
 * Writes a file that is gone after the tests. Characters of a text are bytes (Latin-1). @returns Its path.
 */
export function traceFile(content: string | Uint8Array): string {
  const file = join(directory, `${written++}.txt`);
  writeFileSync(file, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  return file;
}

/** A context switch to be rendered. */
export interface RenderedSwitch {
  readonly cpu: number;
  readonly prev: { readonly comm: string; readonly tid: number; readonly tgid?: number };
  readonly next: { readonly comm: string; readonly tid: number };
  readonly state: string;
}

const cpuColumn = (cpu: number): string => `[${String(cpu).padStart(3, '0')}]`;

const printFormat = ({ prev, next, state }: RenderedSwitch): string =>
  `prev_comm=${prev.comm} prev_pid=${prev.tid} prev_prio=120 prev_state=${state} ==> ` +
  `next_comm=${next.comm} next_pid=${next.tid} next_prio=120`;

const traceCmdFormat = ({ prev, next, state }: RenderedSwitch): string =>
  `        ${prev.comm}:${prev.tid} [120] ${state} ==> ${next.comm}:${next.tid} [120]`;

const ftraceTask = ({ comm, tid }: { comm: string; tid: number }): string =>
  `${comm.padStart(16)}-${String(tid).padEnd(7)}`;

const tgidColumn = (tgid: number | undefined): string =>
  `(${tgid === undefined ? '-------' : String(tgid).padStart(7)})`;

/** How each tool prints a sched_switch. */
export const FORMS: Readonly<Record<string, (event: RenderedSwitch) => string>> = {
  'trace file': (event) =>
    `${ftraceTask(event.prev)} ${cpuColumn(event.cpu)} d..2.  2941.956504: sched_switch: ` +
    printFormat(event),
  'trace file without flags': (event) =>
    `${ftraceTask(event.prev)} ${cpuColumn(event.cpu)}  2941.956504: sched_switch: ${printFormat(event)}`,
  'trace file with four flags and a counter for a clock': (event) =>
    `${ftraceTask(event.prev)} ${cpuColumn(event.cpu)} dNh2      123456: sched_switch: ${printFormat(event)}`,
  'trace file with TGID': (event) =>
    `${ftraceTask(event.prev)} ${tgidColumn(event.prev.tgid)} ${cpuColumn(event.cpu)} d..2.  2941.956504: ` +
    `sched_switch: ${printFormat(event)}`,
  'perf script': (event) =>
    `${event.prev.comm.padStart(16)} ${event.prev.tid} ${cpuColumn(event.cpu)}  2941.956505:       ` +
    `sched:sched_switch: ${printFormat(event)}`,
  'perf script -F +pid': (event) =>
    `${event.prev.comm.padStart(16)} ${String(event.prev.tgid ?? -1).padStart(7)}/` +
    `${String(event.prev.tid).padEnd(7)} ${cpuColumn(event.cpu)}  2941.956505:       sched:sched_switch: ` +
    printFormat(event),
  'trace-cmd report': (event) =>
    `${ftraceTask(event.prev)} ${cpuColumn(event.cpu)}  2941.956504: sched_switch: ${traceCmdFormat(event)}`,
  'trace-cmd report of a named buffer': (event) =>
    `my buffer: ${ftraceTask(event.prev)} ${cpuColumn(event.cpu)} d..2.  2941.956504123: sched_switch: ` +
    traceCmdFormat(event),
};

/** A line as the trace file has it. */
export function traceLine(event: RenderedSwitch): string {
  return `${FORMS['trace file']?.(event)}\n`;
}
