// The nine switches of one buffer in the forms that perf, tracefs and trace-cmd print, and what a reader is told of others.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
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

const linesOf = (render: Render, part: string): string[] =>
  text(render)
    .split('\n')
    .filter((line) => line.includes(part));

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
  'a byte order mark': `\xef\xbb\xbf# tracer: nop\n${text(tracefs)}`,
  'colours of grep': text(tracefs).replaceAll('KVM', '\x1b[01;31m\x1b[KKVM\x1b[m\x1b[K'),
  'short colours': text(tracefs).replaceAll('KVM', '\x1b[mKVM\x1b[m'),
  'Firecracker threads': text(tracefs).replaceAll(/CPU (\d)\/KVM/g, 'fc_vcpu $1'),
  'crosvm threads': text(tracefs).replaceAll(/CPU (\d)\/KVM/g, 'crosvm_vcpu$1'),
  'cloud-hypervisor threads': text(tracefs).replaceAll(/CPU (\d)\/KVM/g, 'vcpu$1'),
  'kvmtool threads': text(tracefs).replaceAll(/CPU (\d)\/KVM/g, 'kvm-vcpu-$1'),
  'HVF threads': text(tracefs).replaceAll('KVM', 'HVF'),
  'a header for each CPU': ['[003]', '[005]']
    .map((cpu) => `# tracer: nop\n${linesOf(tracefs, cpu).join('\n')}\n`)
    .toReversed()
    .join(''),
  'two buffers': `a: cpus=8\nb: cpus=8\n${text(traceCmd).replaceAll(/^/gm, 'a: ').slice(0, -3)}`,
  'differences for times': text(perf).replaceAll(/9000\.1(\d+)/g, (_, digits) =>
    digits === '00000' ? '0.000000' : `0.0${digits.at(-1)}1000`,
  ),
};

describe('nine switches', () => {
  it('a byte order mark is no part of the first line', async () => {
    const { counts } = await readRecording(traceFile(WHOLE['a byte order mark'] as string));
    assert.deepEqual([counts.malformedLines, counts.eventLines], [0, 9]);
  });

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
    Object.keys(RIGHT).map((name) => [name, counts[name as keyof typeof RIGHT]]),
  );
  assert.deepEqual(found, RIGHT);
}

describe('the order of time', () => {
  const eventAt = (cpu: number, second: number): string => {
    const [prev, next] = second % 2 === 0 ? [SWAPPER, VCPU_0] : [VCPU_0, SWAPPER];
    return tracefs({ cpu, prev, next, state: 'S' }, 0).replace(/9000\.1/, `${9000 + second}.1`);
  };
  const SORTED = Array.from({ length: 12 }, (_, second) =>
    eventAt(3 + 2 * (Math.floor(second / 2) % 2), second),
  );
  const ofCpu = (cpu: number): string[] => SORTED.filter((line) => line.includes(`[00${cpu}]`));

  it('is restored where one CPU follows another', async () => {
    for (const lines of [SORTED, [...ofCpu(3), ...ofCpu(5)], [...ofCpu(5), '# tracer: nop', ...ofCpu(3)]]) {
      const { counts, warnings } = await summarizeRecording(traceFile(lines.join('\n')));
      assert.deepEqual([counts.loads, counts.puts, counts.migrations], [6, 6, 5]);
      assert.deepEqual(
        warnings.map((warning) => /sorted by time/.test(warning)),
        lines === SORTED ? [] : [true],
      );
    }
  });

  it('is that of each CPU, whatever the order of the CPUs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), async (takesFirst) => {
        const queues = [ofCpu(3), ofCpu(5)];
        const lines = takesFirst.map((first) => {
          const [one, other] = (first ? queues : queues.toReversed()) as [string[], string[]];
          return one.shift() ?? other.shift();
        });
        const { counts, switches } = await readRecording(traceFile(lines.join('\n')));
        const sorted = await readRecording(traceFile(SORTED.join('\n')));
        assert.deepEqual(counts, sorted.counts);
        assert.deepEqual([...switches], [...sorted.switches]);
      }),
      { numRuns: 30 },
    );
  });

  const REFUSED: Readonly<Record<string, readonly [string, RegExp]>> = {
    'a recording after itself': [
      text(tracefs) + text(tracefs),
      /: line 10 is 0\.001736 s earlier .* two recordings/,
    ],
    'a counter that starts again': [
      (text(traceCmd) + text(traceCmd)).replaceAll(/9000\.1(\d+)/g, '$1'),
      /: line 10 is 1736 ticks of its clock earlier/,
    ],
    'a later recording with a header': [
      `cpus=8\n${text(traceCmd)}cpus=8\n${text(traceCmd).replaceAll('9000.', '9999.')}`,
      /: a header comes before line 12, where a CPU goes on: pass one recording at a time/,
    ],
    'two files of trace-cmd': [
      SWITCHES.map((event, index) =>
        ['a', 'b'].map((host) => `${host}.dat: ${traceCmd(event, index)}`).join('\n'),
      ).join('\n'),
      /: it holds the recordings a\.dat and b\.dat: run trace-cmd report on each alone/,
    ],
    'two files of trace-cmd with names of unequal length': [
      ['    a.dat', 'hostB.dat']
        .map((host) =>
          linesOf(traceCmd, '')
            .map((line) => `${host}: ${line}\n`)
            .join(''),
        )
        .toReversed()
        .join(''),
      /: it holds the recordings hostB\.dat and a\.dat:/,
    ],
    'two files of trace-cmd with other names': [
      `a.trace: cpus=8\nb.trace: cpus=8\n${text(traceCmd)}`,
      /: it holds the recordings a\.trace and b\.trace:/,
    ],
    'two hosts with the same thread ids': [
      text((...of) => `${tracefs(...of)}\n${tracefs(...of)}`),
      /two on one CPU/,
    ],
    'two hosts with other thread ids': [
      text((...of) => `${tracefs(...of)}\n${tracefs(...of).replaceAll('510', '710')}`),
      /two on one CPU: it holds two hosts/,
    ],
  };
  for (const [what, [content, message]] of Object.entries(REFUSED)) {
    it(`of ${what} is refused`, async () => refused(content, message));
  }

  it('of a recording with a long hole is told', async () => {
    const { warnings } = await summarizeRecording(
      traceFile(text(perf) + text(perf).replaceAll('9000.', '9999.')),
    );
    assert.deepEqual(warnings, [
      'Nothing was recorded for 999.0 s before line 10, most of the time: this may be two recordings.',
    ]);
  });
});

describe('half of a schedule', () => {
  const half = async (content: string): Promise<readonly string[]> =>
    (await summarizeRecording(traceFile(content))).warnings.filter((warning) => /^(Half|All)/.test(warning));

  it('is told where switch-ins are missing, as after perf record -p', async () => {
    const outs = text(
      perf,
      SWITCHES.filter(({ prev }) => prev.comm.startsWith('CPU')),
    );
    assert.match(
      (await half(outs)).join(),
      /^Half .*: switch-ins are missing.* perf record -a -e sched:sched_switch\.$/,
    );
  });

  it('is told where switch-outs are missing', async () => {
    const ins = text(
      perf,
      SWITCHES.filter(({ next }) => next.comm.startsWith('CPU')),
    );
    assert.match((await half(ins.repeat(1))).join(), /^Half .*: switch-outs are missing/);
  });

  it('is told where there is one CPU, unless the host has one', async () => {
    const content = linesOf(tracefs, '[003]').join('\n');
    assert.match((await half(content)).join(), /^All events are on CPU 3\./);
    assert.deepEqual(await half(`# entries-in-buffer/entries-written: 7/7   #P:1\n${content}`), []);
  });
});

describe('files that are no text', () => {
  const BYTES: Readonly<Record<string, readonly [string, RegExp]>> = {
    'a trace.dat': [
      '\x17\x08Dtracing6\0',
      /is a trace\.dat: pass the text that "trace-cmd report -i FILE" prints/,
    ],
    'a perf.data': ['PERFILE2h\0', /is a perf\.data: .*"perf script -i FILE"/],
    'a big-endian perf.data': ['2ELIFREPh\0', /is a perf\.data/],
    'an old perf.data': ['PERFFILEh\0', /is a perf\.data/],
    'a CTF trace': ['\xc1\x1f\xfc\xc1\0\0', /is a CTF trace: record sched:sched_switch with perf/],
    xz: ['\xfd7zXZ\0\0', /"xz -dc FILE"/],
    zstd: ['\x28\xb5\x2f\xfd\0', /"zstd -dc FILE"/],
    bzip2: ['BZh91AY', /"bzip2 -dc FILE"/],
    zip: ['PK\x03\x04', /"unzip -p FILE"/],
    tar: [`${'trace.txt'.padEnd(257, '\0')}ustar`, /"tar -xOf FILE"/],
    'UTF-16': ['\xff\xfe#\0', /"iconv -f UTF-16 -t UTF-8 FILE"/],
    'UTF-16 without a mark': [Buffer.from(text(tracefs), 'utf16le').toString('latin1'), /iconv -f UTF-16LE/],
    'CR alone': [text(tracefs).replaceAll('\n', '\r'), /"tr '\\r' '\\n' < FILE"/],
  };
  for (const [what, [content, message]] of Object.entries(BYTES)) {
    it(`${what} is refused with the remedy, also in a gzip`, async () => {
      await refused(content, message);
      await refused(gzipSync(Buffer.from(content, 'latin1')), /is a gzip, to be unpacked first, of /);
    });
  }

  it('bytes after a gzip are refused with the remedy, and NULs are not', async () => {
    const whole = gzipSync(text(tracefs));
    await refused(
      Buffer.concat([whole, Buffer.from('garbage')]),
      /bytes after the end of the gzip.*"gzip -dc FILE"/,
    );
    assert.equal((await readRecording(traceFile(Buffer.concat([whole, Buffer.alloc(99)])))).counts.loads, 5);
  });
});

describe('switches that are not read are never silent', () => {
  const UNREAD: Readonly<Record<string, string>> = {
    'a mail that wraps lines': text(tracefs).replaceAll(/(switch: |==> )/g, '$1\n'),
    'babeltrace of LTTng': SWITCHES.map(
      ({ cpu, prev, next }) =>
        `[10:11:12.500000000] (+0.000217000) hostx sched_switch: { cpu_id = ${cpu} }, { prev_comm = "${prev.comm}", ` +
        `prev_tid = ${prev.tid}, prev_prio = 20, prev_state = 0, next_comm = "${next.comm}", next_tid = ${next.tid} }`,
    ).join('\n'),
    'perf without the CPU': text(perf).replaceAll(/\[00\d\]/g, ''),
    'perf without the event': text(perf).replaceAll('sched:sched_switch: ', ''),
    'a missing field': text(tracefs).replaceAll('prev_prio=120 ', ''),
    'lines that run together': text(tracefs).replace('\n', ''),
    'the text of another event': text(tracefs).replaceAll(': sched_switch', ': print: sched_switch'),
  };
  for (const [what, content] of Object.entries(UNREAD)) {
    it(`in ${what}`, async () =>
      refused(
        `${content}\n`,
        /: line \d+ is a context switch that cannot be read, one of \d+ beside .*; expected "TASK-PID/,
      ));
  }

  const LINES = text(tracefs).split('\n').slice(0, -1);

  it('behind an event without its line end', async () => {
    const wakeup = ' other-700 [003] d..2.  9000.100000: sched_wakeup: comm=other pid=700 prio=120';
    await check(LINES.map((line) => wakeup + line).join('\n'));
  });

  it('wherever the file is cut off', async () => {
    const last = LINES.at(-1) as string;
    for (let end = 0; end < last.length - 2; end++) {
      const { counts, firstMalformed } = await readRecording(
        traceFile([...LINES.slice(0, -1), last.slice(0, end)].join('\n')),
      );
      assert.deepEqual([counts.loads, counts.puts], [5, 4]);
      assert.equal(firstMalformed === null, last.slice(0, end).trim() === '', last.slice(0, end));
    }
  });

  it('a line that is there twice is repaired, and told', async () => {
    const counts = await Promise.all(
      LINES.map(async (line, index) => {
        const twice = LINES.toSpliced(index, 0, line);
        const found = await summarizeRecording(traceFile(twice.join('\n')));
        const [loads = 0, puts = 0] = [found.counts.loads, found.counts.puts];
        assert.equal(
          found.warnings.some((warning) => warning.startsWith('Missing in the recording, inserted')),
          true,
        );
        return [loads - 5, puts - 5];
      }),
    );
    const isVcpu = ({ comm }: { readonly comm: string }): number => (comm.startsWith('CPU') ? 1 : 0);
    assert.deepEqual(
      counts,
      SWITCHES.map(({ prev, next }) => [isVcpu(next), isVcpu(prev)]),
    );
  });

  it('a foreign line is counted as another event or as malformed, and changes nothing else', async () => {
    const foreign = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        ' other-700 [003] d..2. 9000.100000: sched_wakeup: comm=CPU 0/KVM pid=5101 prio=120 target_cpu=003',
        ' other-700 [003] 9000.100000: print: sched_switch is not the event',
        ' sched_switch: x-700 [003] d..2. 9000.100000: sched_wakeup: comm=x pid=1',
        '   kvm-700 [003] d..2. 9000.100000: kvm_fpu: unload',
      ),
    );
    await fc.assert(
      fc.asyncProperty(foreign, fc.nat(8), async (line, index) => {
        const { counts } = await readRecording(
          traceFile(LINES.toSpliced(index, 0, line.replaceAll(/[\r\n]/g, ' ')).join('\n')),
        );
        assert.deepEqual(
          [counts.loads, counts.puts, counts.switchEvents, counts.unreadSwitches],
          [5, 5, 9, 0],
        );
        assert.ok(counts.eventLines + counts.malformedLines >= 9);
      }),
    );
  });
});

async function refused(content: string | Uint8Array, message: RegExp): Promise<void> {
  await assert.rejects(readRecording(traceFile(content)), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
}
