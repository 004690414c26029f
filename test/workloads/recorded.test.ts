import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { HOST_PRESETS, hostSchema } from '../../machine/host.js';
import { UsageError } from '../../machine/usage-error.js';
import { recorded, summarizeRecording } from '../../workloads/recorded.js';
import {
  countOperations,
  type Operation,
  type OperationStream,
  operationAt,
  operationWords,
} from '../../workloads/stream/stream.js';
import type { GeneratedStream, RecordingFacts } from '../../workloads/workload.js';
import { FORMS, type RenderedSwitch, sample, traceFile, traceLine } from './trace/trace-text.js';

const HOST = HOST_PRESETS['v6.8'];
/** Compiled tests run in dist/test/workloads. */
const PROJECT_ROOT = join(import.meta.dirname, '../../..');
const OTHER = { comm: 'other', tid: 90001 };

type Generated = GeneratedStream & { readonly recording: RecordingFacts };

async function generate(parameters: object, seed = 1, host = HOST): Promise<Generated> {
  const generated = await recorded.generate(recorded.schema.parse(parameters), seed, host);
  assert.ok(generated.recording);
  return { ...generated, recording: generated.recording };
}

function operations({ words }: OperationStream, start: number, end: number): Operation[] {
  const found: Operation[] = [];
  for (let offset = start; offset < end; offset += operationWords((words[offset] as number) & 15)) {
    found.push(operationAt(words, offset));
  }
  return found;
}

const load = (tid: number, vcpu: number, cpu = 0): string =>
  traceLine({ cpu, prev: OTHER, next: { comm: `CPU ${vcpu}/KVM`, tid }, state: 'S' });
const put = (tid: number, vcpu: number, cpu = 0, state = 'S'): string =>
  traceLine({ cpu, prev: { comm: `CPU ${vcpu}/KVM`, tid }, next: OTHER, state });

const inShort = ({ name, operand, argument }: Operation): string => `${name} ${operand} ${argument}`;

describe('the recording that comes with the project', () => {
  it('is replayed whole, with every switch of its text', async () => {
    const { stream, recording } = await generate({});
    const text = gunzipSync(readFileSync(join(PROJECT_ROOT, recording.file))).toString();
    const { loads, puts, replayedSwitches } = recording.counts;
    assert.equal(loads, text.match(/next_comm=CPU \d+\/TCG next_pid/g)?.length);
    assert.equal(puts, text.match(/prev_comm=CPU \d+\/TCG prev_pid/g)?.length);
    assert.equal(replayedSwitches, 20_000);
    assert.deepEqual([stream.vms, stream.vcpus, stream.cpus], [4, 13, 2]);
    assert.ok(stream.windowOperations >= 20_000 && stream.windowOperations <= 65_536);
  });

  it('says that it is emulation and that its VMs are known by process', async () => {
    const { recording } = await generate({});
    assert.match(recording.recorded, /^The schedule, .* 13 vCPU threads/);
    assert.match(
      recording.assumed,
      /^Devices, routes and interrupts: .*the guests ran under TCG emulation, not KVM/,
    );
    assert.match(recording.assumed, /recorded \(tgid\)/);
  });

  it('holds only switches of vCPU threads, and no name of an unrelated thread', () => {
    const file = join(PROJECT_ROOT, 'traces/two-cpu-host.trace.txt.gz');
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    const known =
      /^(CPU \d+\/TCG|qemu-system-x86|other|(swapper|migration|kworker)\/\S*|rcu_preempt|kcompactd\d)$/;
    for (const line of lines.filter((text) => !text.startsWith('#'))) {
      const [, prev = '', next = ''] =
        / prev_comm=(.*) prev_pid=.* next_comm=(.*) next_pid=/.exec(line) ?? [];
      assert.match(prev, known);
      assert.match(next, known);
      assert.match(`${prev} ${next}`, /CPU \d+\/TCG/);
    }
  });
});

describe('a generated stream', () => {
  it('is the schedule, with one interrupt and its GA log between a halt and the next load', async () => {
    const text = load(7, 0, 1) + put(7, 0, 1) + load(7, 0, 0) + put(7, 0, 0, 'R') + load(7, 0, 1);
    const { stream } = await generate({ trace: traceFile(text), irqsPerVcpu: 1 });
    assert.deepEqual(operations(stream, stream.windowStart, stream.windowEnd).map(inShort), [
      'load 0 1',
      'put 0 1',
      'interrupt 0 0',
      'drainGaLog 0 0',
      'load 0 0',
      'put 0 0',
      'load 0 1',
      // The window closes: off the CPU, then back to where the first load found it.
      'put 0 0',
      'load 0 0',
      'put 0 0',
    ]);
  });

  it('gives each VM one device per irq of a vCPU, with distinct vectors', async () => {
    const text = load(7, 0) + load(8, 1) + load(20, 0);
    const { stream } = await generate({ trace: traceFile(text), irqsPerVcpu: 2 });
    const setup = operations(stream, 16, stream.windowStart).filter(
      ({ name }) => name !== 'load' && name !== 'put',
    );
    assert.deepEqual(setup.map(inShort), [
      'createVm 0 0',
      'allocIrq 0 0',
      `route 0 ${0x30}`,
      'allocIrq 1 0',
      `route 1 ${(1 << 8) | 0x30}`,
      'allocIrq 2 1',
      `route 2 ${0x31}`,
      'allocIrq 3 1',
      `route 3 ${(1 << 8) | 0x31}`,
      'createVm 1 2',
      'allocIrq 4 2',
      `route 4 ${(2 << 8) | 0x30}`,
      'allocIrq 5 3',
      `route 5 ${(2 << 8) | 0x31}`,
    ]);
  });

  it('is the same for the same seed, and differs only in irqs for another', async () => {
    const trace = sample('A.small.tgid.trace.txt.gz');
    const [one, same, another] = await Promise.all([5, 5, 6].map((seed) => generate({ trace }, seed)));
    assert.ok(one && same && another);
    assert.deepEqual(one.stream.words, same.stream.words);
    assert.notDeepEqual(one.stream.words, another.stream.words);
    const schedule = ({ stream }: Generated): string[] =>
      operations(stream, stream.windowStart, stream.windowEnd)
        .filter(({ name }) => name === 'load' || name === 'put')
        .map(inShort);
    assert.deepEqual(schedule(one), schedule(another));
  });

  it('is cut after maxOperations, with a warning', async () => {
    const trace = sample('A.small.tgid.trace.txt.gz');
    const { stream, recording } = await generate({ trace, maxOperations: 100 });
    const { replayedSwitches } = recording.counts;
    assert.ok(
      recording.warnings.includes(
        `Only the first ${replayedSwitches} of 277 switches are replayed: maxOperations is 100.`,
      ),
    );
    const { load: loads = 0, put: puts = 0 } = countOperations(
      stream.words,
      stream.windowStart,
      stream.windowEnd,
    );
    assert.ok(loads + puts >= (replayedSwitches as number) && (replayedSwitches as number) <= 100);
    // Closing takes each of the 11 vCPUs off its CPU and passes it through the one that it began on.
    assert.ok(stream.windowOperations <= 100 + 3 * 11);
  });

  it('has no interrupts where there are no irqs or none are asked for', async () => {
    const trace = sample('A.small.tgid.trace.txt.gz');
    for (const parameters of [{ irqsPerVcpu: 0 }, { interruptsPerHalt: 0 }]) {
      const { stream, recording } = await generate({ trace, ...parameters });
      const counts = countOperations(stream.words, stream.windowStart, stream.windowEnd);
      assert.equal(counts.interrupt ?? 0, 0);
      assert.equal(recording.counts.replayedInterrupts, 0);
    }
  });

  it('fits every limit of the parameters', async () => {
    const trace = sample('A.small.tgid.trace.txt.gz');
    const { recording } = await generate(
      { trace, irqsPerVcpu: 64, interruptsPerHalt: 8 },
      1,
      hostSchema.parse({ iommus: 1 }),
    );
    assert.equal(recording.counts.replayedSwitches, 277);
  });
});

describe('what a reader is told', () => {
  const ONE_CPU =
    'All events are on CPU 0. What the threads did on other CPUs is not recorded; record all CPUs: ' +
    'perf record -a -e sched:sched_switch.';

  it('repairs, apart from what was counted in the file', async () => {
    const text = put(7, 0) + put(7, 0) + load(7, 0) + load(7, 0);
    const { recording } = await generate({ trace: traceFile(text) });
    const { loads, puts, insertedLoadsAtStart, insertedLoads, insertedPuts } = recording.counts;
    assert.deepEqual(
      { loads, puts, insertedLoadsAtStart, insertedLoads, insertedPuts },
      { loads: 2, puts: 2, insertedLoadsAtStart: 1, insertedLoads: 1, insertedPuts: 1 },
    );
    assert.deepEqual(recording.warnings, [
      ONE_CPU,
      'Missing in the recording, inserted: switch-ins 1, switch-outs 1, ' +
        'switch-ins of vCPUs already running at its start 1.',
    ]);
  });

  it('malformed lines and lost events', async () => {
    const head = '# entries-in-buffer/entries-written: 2/5   #P:2\nCPU:1 [LOST 12 EVENTS]\nnonsense\n';
    const { recording } = await generate({ trace: traceFile(head + load(7, 0) + put(7, 0)) });
    assert.deepEqual(recording.warnings, [
      'Malformed lines, skipped: 1. The first is line 3: nonsense',
      'Events that the recorder lost: at least 12. The schedule has holes.',
      'Events overwritten in the ring buffer before it was read: 3. ' +
        'The recording may begin later on one CPU than on another.',
      ONE_CPU,
    ]);
  });

  it('vCPUs that never ran, where numbers have gaps', async () => {
    const { stream, recording } = await generate({
      trace: traceFile(withProcess(7, 0, 5) + withProcess(8, 3, 5)),
    });
    assert.deepEqual([stream.vms, stream.vcpus, recording.counts.vcpusNeverSeen], [1, 4, 2]);
    assert.ok(
      recording.warnings.includes('vCPUs that never ran, created since a higher-numbered one did: 2.'),
    );
  });

  it('whether VMs are known or guessed, and whether guests were emulated', async () => {
    const { recording } = await generate({ trace: traceFile(load(7, 0)) });
    assert.match(recording.assumed, /guessed from runs of thread ids\.$/);
    assert.doesNotMatch(recording.assumed, /TCG/);
  });

  it('a vCPU number that no VM can have', async () => {
    const trace = traceFile(load(7, 9_999_999));
    await assert.rejects(
      generate({ trace }),
      new UsageError(`${trace}: thread 7 is named "CPU 9999999/KVM", but a VM has at most 4096 vCPUs`),
    );
  });
});

it('a vCPU plugged in again under a new thread is the same vCPU', async () => {
  const text = withProcess(7, 0, 5) + withProcess(8, 1, 5) + withProcess(9, 1, 5);
  const { stream } = await generate({ trace: traceFile(text) });
  assert.deepEqual([stream.vms, stream.vcpus], [1, 2]);
});

it('a recording is summarized without being replayed', async () => {
  const file = sample('A.small.tgid.trace.txt.gz');
  const { counts, threads, machines, groupedBy } = await summarizeRecording(file);
  assert.deepEqual([counts.loads, counts.puts, threads.length, groupedBy], [138, 139, 11, 'tgid']);
  assert.deepEqual(
    machines.map((machine) => machine.threads.length),
    [2, 3, 3, 3],
  );
});

/** A put of a vCPU thread whose process the line names. */
function withProcess(tid: number, vcpu: number, tgid: number): string {
  const render = FORMS['trace file with TGID'] as (event: RenderedSwitch) => string;
  return `${render({ cpu: 0, prev: { comm: `CPU ${vcpu}/KVM`, tid, tgid }, next: OTHER, state: 'R' })}\n`;
}
