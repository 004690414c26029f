import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { UsageError } from '../../../machine/usage-error.js';
import { type Recording, readRecording, type VcpuThread } from '../../../workloads/trace/parse.js';
import type { DeviceEvent, VcpuSwitch } from '../../../workloads/trace/switch-log.js';
import { FORMS, type RenderedSwitch, sample, traceFile, traceLine } from './trace-text.js';

const VCPU = { comm: 'CPU 1/KVM', tid: 23476 };
const OTHER = { comm: 'other', tid: 90001 };
const LOAD: RenderedSwitch = { cpu: 1, prev: OTHER, next: VCPU, state: 'S' };
const PUT: RenderedSwitch = { cpu: 1, prev: VCPU, next: OTHER, state: 'S' };
const LOAD_AND_PUT = traceLine(LOAD) + traceLine(PUT);

const readText = (content: string | Uint8Array): Promise<Recording> => readRecording(traceFile(content));

const readSwitches = async (text: string): Promise<(VcpuSwitch | DeviceEvent)[]> => [
  ...(await readText(text)).switches,
];

const usageError = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UsageError);
  assert.match(error.message, pattern);
  assert.ok(!error.message.includes('\n'));
  return true;
};

describe('recorded files', () => {
  // Counted in the same files with grep and awk.
  const COUNTED = {
    eventLines: 400,
    vcpuThreads: 11,
    vcpuThreadsSwitchedIn: 11,
    putsRPlus: 0,
    putsOther: 0,
    malformedLines: 0,
    unreadSwitches: 0,
    lostEvents: 0,
    overwrittenEvents: 0,
    entries: 0,
    halts: 0,
    irteUpdates: 0,
    gaLogEntries: 0,
  };
  const FTRACE = {
    ...COUNTED,
    switchEvents: 246,
    loads: 138,
    puts: 139,
    putsR: 94,
    putsS: 45,
    vcpuToVcpuSwitches: 31,
    migrations: 4,
  };
  const PERF = {
    ...COUNTED,
    switchEvents: 332,
    loads: 189,
    puts: 188,
    putsR: 127,
    putsS: 61,
    vcpuToVcpuSwitches: 45,
    migrations: 5,
  };
  const FILES = {
    'A.small.trace.txt.gz': { ...FTRACE, lines: 412 },
    'A.small.tgid.trace.txt.gz': { ...FTRACE, lines: 412 },
    'A.small.trace-cmd.txt.gz': { ...FTRACE, lines: 401 },
    'A.small.trace-cmd-restored.txt.gz': { ...FTRACE, lines: 401 },
    'A.small.perf-script.txt.gz': { ...PERF, lines: 400 },
  };

  for (const [name, counts] of Object.entries(FILES)) {
    it(`counts of ${name} are those counted with grep`, async () => {
      assert.deepEqual((await readRecording(sample(name))).counts, counts);
    });
  }

  it('the forms of one buffer hold the same switches', async () => {
    const forms = ['A.small.trace.txt.gz', 'A.small.tgid.trace.txt.gz', 'A.small.trace-cmd-restored.txt.gz'];
    const [first, ...others] = await Promise.all(forms.map((name) => readRecording(sample(name))));
    assert.ok(first);
    for (const other of others) assert.deepEqual([...other.switches], [...first.switches]);
  });

  it('a plain file, a gzip and a gzip of two members give the same', async () => {
    const plain = gunzipSync(readFileSync(sample('A.small.tgid.trace.txt.gz')));
    const halves = [plain.subarray(0, 30_000), plain.subarray(30_000)];
    const forms = [plain, gzipSync(plain), Buffer.concat(halves.map((half) => gzipSync(half)))];
    const [first, ...others] = await Promise.all(forms.map(readText));
    assert.ok(first);
    for (const other of others) {
      assert.deepEqual(
        { ...other, switches: [...other.switches] },
        { ...first, switches: [...first.switches] },
      );
    }
  });
});

/** Loads and puts, by turns, of one thread on each of some CPUs. */
const schedule = (cpus: number): string[] =>
  Array.from({ length: 200_000 }, (_, index) => {
    const cpu = index % cpus;
    const vcpu = { comm: `CPU ${cpu}/KVM`, tid: 100 + cpu };
    const event = Math.floor(index / cpus) % 2 ? { prev: vcpu, next: OTHER } : { prev: OTHER, next: vcpu };
    return traceLine({ ...event, cpu, state: 'S' });
  });

it('a replay reads no more than it needs', async () => {
  for (const text of [schedule(2), ['# entries-in-buffer/entries-written: 9/9   #P:1\n', ...schedule(1)]]) {
    const file = traceFile(text.join(''));
    const part = await readRecording(file, { switches: 1000, countsAll: false });
    assert.equal(part.isWhole, false);
    assert.ok(part.counts.lines < 200_000);
    const all = await readRecording(file, { switches: 1000, countsAll: true });
    assert.deepEqual([all.isWhole, all.counts.lines, all.counts.loads], [true, text.length, 100_000]);
    assert.equal([...all.switches].length, 1000);
    assert.deepEqual([...part.switches], [...all.switches]);
  }
});

it('a CPU that follows after a long time in order cannot be sorted in', async () => {
  const late = traceLine({ ...LOAD, cpu: 7 }).replace('2941.', '2940.');
  await assert.rejects(readText(schedule(2).join('') + late), usageError(/: line 200001 is .* s earlier/));
});

it('one CPU after another is sorted, however long each is', async () => {
  const lines = [0, 1].map((cpu) =>
    Array.from({ length: 140_000 }, (_, index) => {
      const vcpu = { comm: 'CPU 0/KVM', tid: 100 };
      const event = index % 2 ? { prev: vcpu, next: OTHER } : { prev: OTHER, next: vcpu };
      return traceLine({ ...event, cpu, state: 'S' }).replace(
        /2941\.\d+/,
        `${Math.floor(index / 2) * 2 + cpu}.${index % 2}00000`,
      );
    }).join(''),
  );
  const { counts, isSorted } = await readRecording(traceFile(lines.join('')));
  assert.deepEqual([isSorted, counts.loads, counts.migrations], [true, 140_000, 139_999]);
});

describe('one switch', () => {
  for (const [form, render] of Object.entries(FORMS)) {
    it(`is read from a line of ${form}`, async () => {
      assert.deepEqual(await readSwitches(`${render(LOAD)}\n${render({ ...PUT, cpu: 100 })}\n`), [
        { kind: 'load', thread: 0, cpu: 1 },
        { kind: 'put', thread: 0, cpu: 100, state: 'S' },
      ]);
    });
  }

  it('of two vCPU threads is a put, then a load', async () => {
    const event = { cpu: 3, prev: VCPU, next: { comm: 'CPU 0/TCG', tid: 7 }, state: 'R+' };
    assert.deepEqual(await readSwitches(traceLine(event)), [
      { kind: 'put', thread: 0, cpu: 3, state: 'R+' },
      { kind: 'load', thread: 1, cpu: 3 },
    ]);
  });

  it('leaves in one of the states R, R+, S and other', async () => {
    const text = ['R', 'R+', 'S', 'D', 'D|K', 'I', 't'].map((state) => traceLine({ ...PUT, state })).join('');
    const { counts } = await readText(text);
    assert.deepEqual(
      [counts.puts, counts.putsR, counts.putsRPlus, counts.putsS, counts.putsOther],
      [7, 1, 1, 1, 4],
    );
  });

  it('is read whatever the other comm holds', async () => {
    const comms = [
      'a b',
      'kworker/0:1-eve',
      'a-5 (12) [000] ',
      ' ==> next_comm=',
      'x ==> y:5 [120]',
      'prev_pid=1',
      'sched_switch: x',
      '-1 [000] 1.2: x',
      'CPU 0/KVM x',
      '\xe2\x82\xac\xff\x01\t',
    ];
    for (const comm of comms) {
      for (const render of Object.values(FORMS)) {
        const other = { comm, tid: 90001 };
        const lines = [render({ ...PUT, next: other }), render({ ...LOAD, prev: other })];
        const { loads, puts, vcpuThreads, malformedLines } = (await readText(lines.join('\n'))).counts;
        assert.deepEqual([loads, puts, vcpuThreads, malformedLines], [1, 1, 1, 0], lines.join('\n'));
      }
    }
  });

  it('of a thread that is only named like a vCPU is not one of a vCPU', async () => {
    const names = ['CPU 0/KV', 'CPU /KVM', 'CPU 0/KVM2', 'XCPU 0/KVM', 'CPU 0/kvm', 'ALL CPUs/TCG'];
    const text = names.map((comm) => traceLine({ ...LOAD, next: { comm, tid: 5 } })).join('');
    assert.equal((await readText(text + LOAD_AND_PUT)).counts.vcpuThreads, 1);
  });
});

describe('threads', () => {
  it('have the process of the lines on which they are the current task', async () => {
    const render = FORMS['trace file with TGID'] as (event: RenderedSwitch) => string;
    const next = { comm: 'CPU 0/KVM', tid: 8 };
    const text = [
      { ...LOAD, prev: { ...OTHER, tgid: 90000 } },
      { ...PUT, prev: { ...VCPU, tgid: 23455 }, next },
      { ...PUT, prev: next },
    ];
    assert.deepEqual((await readText(text.map(render).join('\n'))).threads, [
      { tid: 23476, vcpu: 1, comm: 'CPU 1/KVM', tgid: 23455 },
      { tid: 8, vcpu: 0, comm: 'CPU 0/KVM', tgid: null },
    ]);
  });

  it('are two if a thread id is used again by another vCPU', async () => {
    const { threads } = await readText(
      LOAD_AND_PUT + traceLine({ ...LOAD, next: { ...VCPU, comm: 'CPU 2/KVM' } }),
    );
    assert.deepEqual(
      threads.map(({ vcpu }) => vcpu),
      [1, 2],
    );
  });
});

describe('lines that are no switch', () => {
  it('comments, tool headers, other events and stacks are no error', async () => {
    const text = [
      '# tracer: nop',
      '##### CPU 1 buffer started ####',
      '',
      'version = 6',
      'cpus=2',
      'CPU 0 is empty',
      '       CPU 0/TCG-23474   (  23455) [000] dNh3.  2941.958977: sched_wakeup: comm=x pid=2 prio=120',
      '          <idle>-0       [001] d..2.  2941.958977: default_idle <-cpu_idle',
      '           other-90001   [001] d..2.  2941.956476: <stack trace>',
      ' => __schedule',
      '           other 90001 [001]  2941.956483:     250000 cycles:P: ',
      '\tffffffff81c0a5d2 __schedule+0x2 ([kernel.kallsyms])',
      'buffer: other-90001 [001]  2941.956476: print: sched_switch is not the event here',
    ].join('\n');
    const { counts } = await readText(`${text}\n${LOAD_AND_PUT}`);
    assert.deepEqual([counts.lines, counts.eventLines, counts.malformedLines], [15, 7, 0]);
  });

  it('the events that the recorder lost are added up', async () => {
    const text = [
      '# entries-in-buffer/entries-written: 100/130   #P:2',
      'CPU:1 [LOST 12 EVENTS]',
      'CPU:0 [LOST EVENTS]',
      'CPU:7 [204600 EVENTS DROPPED]',
      'CPU:7 [EVENTS DROPPED]',
      '           other 90001 [001]  2941.956483: PERF_RECORD_LOST lost 1000',
    ].join('\n');
    const { counts } = await readText(`${text}\n${LOAD_AND_PUT}`);
    assert.deepEqual([counts.lostEvents, counts.overwrittenEvents, counts.malformedLines], [205_614, 30, 0]);
  });

  it('CRLF line ends and a missing last line end change nothing', async () => {
    const crlf = `# tracer: nop\r\n\r\n${LOAD_AND_PUT.replaceAll('\n', '\r\n')}`;
    const { counts } = await readText(crlf.slice(0, -2));
    assert.deepEqual([counts.lines, counts.loads, counts.puts, counts.malformedLines], [4, 1, 1, 0]);
  });
});

describe('lines that are not read', () => {
  const UNREAD = `${traceLine(PUT).slice(0, -20)}\n`;

  it('are counted, switches apart, and the first of each is named', async () => {
    const { counts, firstMalformed, firstUnread } = await readText(
      `${LOAD_AND_PUT}${UNREAD}no trace at all\n${LOAD_AND_PUT.repeat(99)}`,
    );
    assert.deepEqual([counts.malformedLines, counts.unreadSwitches, counts.loads], [1, 1, 100]);
    assert.deepEqual(firstMalformed, { line: 4, text: 'no trace at all' });
    assert.equal(firstUnread?.line, 3);
    assert.match(firstUnread.text, /^ +CPU 1\/KVM-23476 .*sched_switch: prev_comm=CPU 1\/KVM.*\.\.\.$/);
  });

  it('are too many above one switch in a hundred', async () => {
    await assert.rejects(
      readText(`${LOAD_AND_PUT.repeat(49)}${UNREAD}`),
      usageError(
        /: line 99 is a context switch that cannot be read, one of 1 beside 98 .*; expected "TASK-PID/,
      ),
    );
  });

  it('a last line that ends anywhere before its last number is one', async () => {
    const render = [FORMS['trace file with TGID'], FORMS['perf script'], FORMS['trace-cmd report']];
    for (const form of render as ((event: RenderedSwitch) => string)[]) {
      const line = form(PUT).trimStart();
      for (let end = 1; end <= line.length - 5; end++) {
        const { counts } = await readText(LOAD_AND_PUT + line.slice(0, end));
        assert.equal(counts.malformedLines, 1, line.slice(0, end));
      }
    }
  });

  it('are shown with what a terminal would act on written out', async () => {
    const { firstMalformed } = await readText(`a\x1b[31mb\x00\xe2\x80\xaec\n${LOAD_AND_PUT}`);
    assert.deepEqual(firstMalformed, { line: 1, text: 'a\\x1b[31mb\\x00\\u{202e}c' });
  });

  it('a line above 64 KiB is one, and is not kept in memory', async () => {
    const recording = await readText(`${'x'.repeat(40_000_000)}\n${' '.repeat(70_000)}${LOAD_AND_PUT}`);
    const { lines, malformedLines, puts } = recording.counts;
    assert.deepEqual([lines, malformedLines, puts], [3, 2, 1]);
    assert.equal(recording.firstMalformed?.text.length, 103);
  });
});

describe('files that are no recording', () => {
  it('an empty file', async () => {
    await assert.rejects(readText(''), usageError(/no vCPU thread in 0 lines with 0 sched_switch events/));
  });

  it('a trace without a vCPU thread says what was there, and what to do', async () => {
    const lines = [
      ...Array.from({ length: 3 }, () =>
        traceLine({ ...LOAD, prev: { comm: 'a', tid: 4 }, next: { comm: 'sh', tid: 5 } }),
      ),
      traceLine({ ...LOAD, prev: { comm: 'sh', tid: 6 }, next: { comm: 'swapper/1', tid: 0 } }),
      '      a-4   [001] d....  2941.956600: kvm_exit: reason HLT rip 0x0 info 0 0\n',
    ];
    const file = traceFile(lines.join(''));
    const expected =
      `${file}: no vCPU thread in 5 lines with 4 sched_switch events (0 malformed). Threads that switched most: ` +
      'sh (4), a (3). Events of KVM: kvm_exit (1). QEMU names its vCPU threads "CPU <n>/KVM" with ' +
      '-name NAME,debug-threads=on, and the event kvm:kvm_entry names them in any case';
    await assert.rejects(readRecording(file), new UsageError(expected));
  });

  it('binary garbage', async () => {
    const bytes = Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * index) >>> 7);
    await assert.rejects(readText(bytes), usageError(/malformed/));
  });

  it('a file or directory that cannot be read', async () => {
    await assert.rejects(
      readRecording('/nonexistent/trace.txt'),
      usageError(/^cannot read \/nonexistent\/trace.txt: ENOENT/),
    );
    await assert.rejects(readRecording(import.meta.dirname), usageError(/^cannot read .*EISDIR/));
  });

  it('a gzip that is cut off or damaged', async () => {
    const whole = gzipSync(LOAD_AND_PUT.repeat(1000));
    const damaged = Uint8Array.from(whole, (byte, index) => (index > 100 ? byte ^ 0x55 : byte));
    await assert.rejects(
      readText(whole.subarray(0, whole.length / 2)),
      usageError(/^cannot read .*damaged gzip/),
    );
    await assert.rejects(readText(damaged), usageError(/^cannot read .*damaged gzip/));
  });
});

describe('a random schedule', () => {
  const TOKENS = [
    'a',
    ' ',
    '/',
    '-',
    '==>',
    'prev_pid=',
    'next_comm=',
    '[120] S',
    ':',
    '[000]',
    '1.2: ',
    '(1)',
    'CPU 0/KVM',
    '\xff',
  ];
  const otherThread = fc.record({
    comm: fc
      .array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 6 })
      .map((tokens) => tokens.join('').slice(0, 15))
      .filter((comm) => comm.trim() !== 'CPU 0/KVM'),
    tid: fc.integer({ min: 1, max: 4_194_304 }),
    tgid: fc.integer({ min: 1, max: 4_194_304 }),
  });
  const vcpuThread = fc.nat(12).map((index) => ({
    comm: `CPU ${index % 5}/${index < 6 ? 'KVM' : 'TCG'}`,
    tid: 100 + index,
    tgid: 50 + (index % 3),
  }));
  // What a CPU runs next; a thread that runs on another CPU is left out.
  const turn = fc.record({
    cpu: fc.nat(4095),
    next: fc.oneof(otherThread, vcpuThread),
    state: fc.constantFrom('R', 'R+', 'S', 'D'),
  });

  function scheduleOf(turns: readonly { cpu: number; next: Running; state: string }[]): RenderedSwitch[] {
    const running = new Map<number, Running>();
    return turns.flatMap(({ cpu, next, state }) => {
      const prev = running.get(cpu) ?? OTHER;
      if ([...running.values()].some(({ tid }) => tid === next.tid)) return [];
      running.set(cpu, next);
      return { cpu, prev, next, state };
    });
  }

  type Running = RenderedSwitch['prev'];
  interface Expected {
    readonly threads: VcpuThread[];
    readonly switches: VcpuSwitch[];
  }

  function expected(schedule: readonly RenderedSwitch[], hasTgids: boolean): Expected {
    const threads: { -readonly [K in keyof VcpuThread]: VcpuThread[K] }[] = [];
    const switches: VcpuSwitch[] = [];
    const indexOf = ({ comm, tid }: { comm: string; tid: number }): number => {
      const known = threads.findIndex((thread) => thread.tid === tid);
      if (known !== -1) return known;
      return threads.push({ tid, vcpu: Number(comm.charAt(4)), comm, tgid: null }) - 1;
    };
    const isVcpu = ({ comm }: { comm: string }): boolean => /^CPU \d\/(KVM|TCG)$/.test(comm);
    for (const { cpu, prev, next, state } of schedule) {
      // Both are numbered in the order in which they appear.
      const put = isVcpu(prev) ? indexOf(prev) : -1;
      const load = isVcpu(next) ? indexOf(next) : -1;
      if (put !== -1) {
        if (hasTgids) (threads[put] as (typeof threads)[0]).tgid = prev.tgid ?? null;
        switches.push({ kind: 'put', thread: put, cpu, state: state === 'D' ? 'other' : (state as 'R') });
      }
      if (load !== -1) switches.push({ kind: 'load', thread: load, cpu });
    }
    return { threads, switches };
  }

  for (const [form, render] of Object.entries(FORMS)) {
    it(`rendered as ${form} is read back`, async () => {
      const hasTgids = form.includes('TGID') || form.includes('+pid');
      await fc.assert(
        fc.asyncProperty(fc.array(turn, { maxLength: 30 }), async (turns) => {
          const schedule = [...scheduleOf(turns), LOAD];
          const { threads, switches, counts } = await readText(
            schedule.map((event) => `${render(event)}\n`).join(''),
          );
          assert.deepEqual({ threads, switches: [...switches] }, expected(schedule, hasTgids));
          assert.deepEqual([counts.switchEvents, counts.malformedLines], [schedule.length, 0]);
        }),
      );
    });
  }
});
