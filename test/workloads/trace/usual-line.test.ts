import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { readTraceLine, type TraceLine } from '../../../workloads/trace/trace-line.js';
import { UsualLine } from '../../../workloads/trace/usual-line.js';
import { FORMS, type RenderedSwitch } from './trace-text.js';

/** What the usual line gives of a switch; null if it leaves the line to the grammar. */
function usual(line: string): object | null {
  const padding = 'x [000] 1.000000: ';
  const bytes = Buffer.from(`${padding}${line}\n  y-1 [001] 2.000000: `, 'latin1');
  const read = new UsualLine();
  const end = padding.length + line.length;
  if (!read.readHeader(bytes, padding.length, end) || !read.readSwitch()) return null;
  const text = (from: number, to: number): string => bytes.toString('latin1', from, to);
  const { tid, tgid, cpu, time, isTicks } = read;
  return {
    ...{ tid, tgid, cpu, time, isTicks, kind: 'switch' },
    prev: { comm: text(read.prevFrom, read.prevEnd), tid: read.prevTid },
    state: read.state,
    next: { comm: text(read.nextFrom, read.nextEnd), tid: read.nextTid },
  };
}

const PRINTED = Object.entries(FORMS).filter(([form]) => !/^trace-cmd|\+pid/.test(form));

it('reads the lines of the trace file and of perf script', () => {
  const task = { comm: 'CPU 0/KVM', tid: 7, tgid: 5 };
  for (const [form, render] of PRINTED)
    assert.ok(usual(render({ cpu: 1, prev: task, next: task, state: 'S' })), form);
});

it('leaves flags with a colon and a state of no letter to the grammar', () => {
  const line = FORMS['trace file']?.({
    cpu: 1,
    prev: { comm: 'a', tid: 7 },
    next: { comm: 'b', tid: 8 },
    state: 'S',
  });
  assert.equal(usual(line?.replace('d..2.', 'd..2:') ?? ''), null);
  assert.equal(usual(line?.replace('prev_state=S', 'prev_state=') ?? ''), null);
});

it('reads a comm that begins like the header of the latency format', () => {
  const task = { comm: '7 1next_pi', tid: 9 };
  const line = FORMS['perf script']?.({ cpu: 3, prev: task, next: task, state: 'R' }) ?? '';
  const { prev, next, ...header } = readTraceLine(line) as Extract<TraceLine, { kind: 'switch' }>;
  assert.deepEqual([prev, next], [task, task]);
  assert.deepEqual([header.tid, header.cpu, header.time], [9, 3, 2941956505000]);
  assert.deepEqual(usual(line), readTraceLine(line));
});

it('leaves a bracket among the flags to the grammar', () => {
  const task = { comm: '7 [000]', tid: 9 };
  const line = FORMS['trace file without flags']?.({ cpu: 0, prev: task, next: task, state: 'R' }) ?? '';
  assert.equal(usual(line.replace(/-9 +/, ' ')), null);
  assert.equal(usual(line.replace(/-9 +\[/, '-')), null);
});

it('reads what the grammar reads, or nothing', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '-',
    '==>',
    ' prev_pid=',
    ' next_pid=1',
    '[000]',
    ' 1.2: ',
    '(1)',
    'S',
    '7',
  );
  const comm = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('').slice(0, 15));
  const task = fc.record({ comm, tid: fc.nat(4_194_304), tgid: fc.integer({ min: 1, max: 4_194_304 }) });
  const event: fc.Arbitrary<RenderedSwitch> = fc.record({
    cpu: fc.nat(99_999),
    prev: task,
    next: task,
    state: fc.constantFrom('R', 'R+', 'S'),
  });
  // A line as it is, or with a piece of it taken out.
  const cut = fc.option(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 9 })), { nil: undefined });
  const render = fc.constantFrom(...PRINTED.map(([, form]) => form));
  let read = 0;
  fc.assert(
    fc.property(event, render, cut, (schedule, form, gap) => {
      const whole = form(schedule);
      const line = gap === undefined ? whole : whole.slice(0, gap[0]) + whole.slice(gap[0] + gap[1]);
      const found = usual(line);
      if (found === null) return;
      read++;
      assert.deepEqual(found, readTraceLine(line), line);
    }),
    { numRuns: 3000 },
  );
  assert.ok(read > 300);
});
