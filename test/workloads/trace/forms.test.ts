// The nine switches of one buffer in the forms that perf, tracefs and trace-cmd print, and what a reader is told of others.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { UsageError } from '../../../machine/usage-error.js';
import { summarizeRecording } from '../../../workloads/recorded.js';
import { readRecording } from '../../../workloads/trace/parse.js';
import { type RenderedSwitch, traceFile } from './trace-text.js';

const SWAPPER = { comm: 'swapper/3', tid: 0 };
const VCPU_0 = { comm: 'CPU 0/KVM', tid: 5101 };
const VCPU_1 = { comm: 'CPU 1/KVM', tid: 5102 };
const OTHER = { comm: 'other', tid: 700 };
const SWITCHES: readonly RenderedSwitch[] = [
  { cpu: 3, prev: SWAPPER, state: 'R', next: VCPU_0 },
  { cpu: 3, prev: VCPU_0, state: 'S', next: SWAPPER },
  { cpu: 3, prev: SWAPPER, state: 'R', next: VCPU_1 },
  { cpu: 3, prev: VCPU_1, state: 'R', next: VCPU_0 },
  { cpu: 3, prev: VCPU_0, state: 'R', next: OTHER },
  { cpu: 3, prev: OTHER, state: 'S', next: VCPU_1 },
  { cpu: 3, prev: VCPU_1, state: 'S', next: SWAPPER },
  { cpu: 5, prev: SWAPPER, state: 'R', next: VCPU_0 },
  { cpu: 5, prev: VCPU_0, state: 'S', next: SWAPPER },
];
const RIGHT = {
  switchEvents: 9,
  vcpuThreads: 2,
  loads: 5,
  puts: 5,
  putsR: 2,
  putsS: 3,
  vcpuToVcpuSwitches: 1,
  migrations: 1,
  unreadSwitches: 0,
};

const number = (state: string): number => (state === 'R' ? 0 : 1);
const print = ({ prev, state, next }: RenderedSwitch): string =>
  `prev_comm=${prev.comm} prev_pid=${prev.tid} prev_prio=120 prev_state=${state} ==> ` +
  `next_comm=${next.comm} next_pid=${next.tid} next_prio=120`;
const raw = ({ prev, state, next }: RenderedSwitch): string =>
  `prev_comm=${prev.comm} prev_pid=${prev.tid} prev_prio=120 prev_state=${number(state)} ` +
  `next_comm=${next.comm} next_pid=${next.tid} next_prio=120`;
const fields = ({ prev, state, next }: RenderedSwitch): string =>
  `prev_comm=${prev.comm} prev_pid=0x${prev.tid.toString(16)} (${prev.tid}) prev_prio=0x78 (120) ` +
  `prev_state=0x${number(state)} (${number(state)}) next_comm=${next.comm} ` +
  `next_pid=0x${next.tid.toString(16)} (${next.tid}) next_prio=0x78 (120)`;
const arrow = ({ prev, state, next }: RenderedSwitch, printed: string | number = state): string =>
  `        ${prev.comm}:${prev.tid} [120] ${printed} ==> ${next.comm}:${next.tid} [120]`;

const task = ({ prev }: RenderedSwitch): string => `${prev.comm.padStart(16)}-${String(prev.tid).padEnd(5)}`;
const perfTask = ({ prev }: RenderedSwitch): string =>
  `${prev.comm.padStart(16)} ${String(prev.tid).padStart(5)}`;
const time = (index: number): string => `9000.${String(100_000 + 217 * index)}`;
const us = (index: number): number => 300 + 217 * index;
const onCpu = ({ cpu }: RenderedSwitch): string => `[00${cpu}]`;

type Render = (event: RenderedSwitch, index: number) => string;
const tracefs: Render = (event, index) =>
  `${task(event)}   ${onCpu(event)} d..2.  ${time(index)}: sched_switch: ${print(event)}`;
const traceCmd: Render = (event, index) =>
  `${task(event)} ${onCpu(event)}  ${time(index)}: sched_switch: ${arrow(event)}`;
const perf: Render = (event, index) =>
  `${perfTask(event)} ${onCpu(event)}  ${time(index)}: sched:sched_switch: ${print(event)}`;
const text = (render: Render, switches = SWITCHES): string => `${switches.map(render).join('\n')}\n`;

const FORMS: Readonly<Record<string, Render>> = {
  tracefs,
  'trace-cmd report': traceCmd,
  'perf script': perf,
  'trace-cmd report --ts-diff': (event, index) =>
    traceCmd(event, index).replace(': sched', `: (+${217 * index})   sched`),
  'trace-cmd report -w': (event, index) =>
    `${traceCmd(event, index)}${index % 2 ? ' Latency: 4.250 usecs' : ''}`,
  'trace-cmd report, x86-tsc': (event, index) =>
    traceCmd(event, index).replace(/ {2}9000\.\d+/, String(9_100_020_003_000 + 700_000 * index)),
  'trace-cmd report, x86-tsc, twelve digits': (event, index) =>
    traceCmd(event, index).replace(/ {2}9000\.\d+/, String(999_999_000_000 + 700_000 * index).padStart(13)),
  'trace-cmd report, flags and x86-tsc': (event, index) =>
    traceCmd(event, index).replace(/ {2}9000\.\d+/, ` d..2.${9_100_020_003_000 + 700_000 * index}`),
  'trace-cmd report -l': (event, index) =>
    traceCmd(event, index).replace(`${onCpu(event)} `, `      ${event.cpu}d..2. `),
  'trace-cmd report -R': (event, index) =>
    traceCmd(event, index).replace(/(?<=sched_switch: ).*/, `    ${raw(event)}`),
  'trace-cmd report, failed to parse': (event, index) =>
    traceCmd(event, index).replace(/(?<=sched_switch: ).*/, `    [FAILED TO PARSE] ${raw(event)}`),
  'trace-cmd report with numbers for states': (event, index) =>
    traceCmd(event, index).replace(arrow(event), arrow(event, number(event.state))),
  'tracefs, options/fields': (event, index) => tracefs(event, index).replace(print(event), fields(event)),
  'tracefs, latency-format': (event, index) =>
    `${event.prev.comm.slice(0, 8).padStart(8)}-${String(event.prev.tid).padEnd(7)}     ${event.cpu}d..2. ` +
    `${us(index)}us${index % 2 ? '+' : ' '}: sched_switch: ${print(event)}`,
  'tracefs, latency-format and verbose': (event, index) =>
    `${event.prev.comm.padStart(16)} ${String(event.prev.tid).padStart(7)} ${String(event.cpu).padStart(3)} 1 00000002 ` +
    `00000000 [0000012c] ${us(index)}.000ms (+0.217ms): sched_switch: ${print(event)}`,
  'perf with a period': (event, index) => perf(event, index).replace(': sched:', ':          1 sched:'),
  'perf with ip and sym': (event, index) => `${perf(event, index)} ffffffff81234567 __schedule`,
  'perf with misc': (event, index) => perf(event, index).replace(']  ', '] K    '),
  'perf with tid and no comm': (event, index) => perf(event, index).replace(/^.{16}/, ''),
  'perf with a modifier': (event, index) => perf(event, index).replace('switch: ', 'switch:u: '),
};

const WHOLE: Readonly<Record<string, string>> = {
  'tabs for blanks': text(tracefs).replaceAll(/ {2,}/g, '\t'),
  'trailing tabs': text(tracefs).replaceAll('\n', '\t\n'),
  'CR CR LF': text(tracefs).replaceAll('\n', '\r\r\n'),
  'a byte order mark': `\xef\xbb\xbf${text(tracefs)}`,
  'colours of grep': text(tracefs).replaceAll('KVM', '\x1b[01;31m\x1b[KKVM\x1b[m\x1b[K'),
  'short colours': text(tracefs).replaceAll('KVM', '\x1b[mKVM\x1b[m'),
  'Firecracker threads': text(tracefs).replaceAll(/CPU (\d)\/KVM/g, 'fc_vcpu $1'),
  'crosvm threads': text(tracefs).replaceAll(/CPU (\d)\/KVM/g, 'crosvm_vcpu$1'),
  'cloud-hypervisor threads': text(tracefs).replaceAll(/CPU (\d)\/KVM/g, 'vcpu$1'),
  'kvmtool threads': text(tracefs).replaceAll(/CPU (\d)\/KVM/g, 'kvm-vcpu-$1'),
  'HVF threads': text(tracefs).replaceAll('KVM', 'HVF'),
  'one CPU after another': text(tracefs).split('\n').toSorted().toReversed().join('\n'),
};

describe('nine switches', () => {
  for (const [form, render] of Object.entries(FORMS)) {
    it(`in the form of ${form}`, async () => check(text(render)));
  }
  for (const [form, content] of Object.entries(WHOLE)) {
    it(`with ${form}`, async () => check(content));
  }
});

async function check(content: string): Promise<void> {
  const { counts } = await readRecording(traceFile(content));
  const found = Object.fromEntries(
    Object.keys(RIGHT).map((name) => [name, counts[name as keyof typeof counts]]),
  );
  assert.deepEqual(found, RIGHT);
}
void deflateRawSync;
void gzipSync;
void UsageError;
void summarizeRecording;
