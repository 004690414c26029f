import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostSchema } from '../../../machine/host.js';
import { recorded, summarizeRecording } from '../../../workloads/recorded.js';
import { type Operation, operationAt, operationWords } from '../../../workloads/stream/stream.js';
import { readRecording } from '../../../workloads/trace/parse.js';
import type { RecordingFacts } from '../../../workloads/workload.js';
import { traceFile, traceLine } from './trace-text.js';

let microseconds = 0;
/** A line of an event that a thread of QEMU causes on a CPU. */
const event = (tid: number, cpu: number, payload: string, tgid = 6000, comm = 'qemu-system-x86'): string =>
  `${comm.padStart(16)}-${tid}    (${String(tgid).padStart(7)}) [${String(cpu).padStart(3, '0')}] d....  ` +
  `700.${String(++microseconds).padStart(6, '0')}: ${payload}\n`;
const entry = (tid: number, vcpu: number, cpu: number, tgid?: number): string =>
  event(tid, cpu, `kvm_entry: vcpu ${vcpu}, rip 0xffffffff81000010`, tgid);
const halt = (tid: number, cpu: number, tgid?: number): string =>
  event(tid, cpu, 'kvm_exit: reason HLT rip 0xffffffff81000020 info 0 0', tgid);
const irte = (irq: number, vcpu: number, vector: number | null, tgid = 6000): string =>
  event(
    tgid,
    0,
    `kvm_pi_irte_update: PI is ${vector === null ? 'disabled' : 'enabled and being updated'} for irq ${irq}, ` +
      `vcpu ${vcpu}, gsi: 0x18, gvec: 0x${(vector ?? 0).toString(16)}, pi_desc_addr: 0x0`,
    tgid,
  );
const wake = (vm: number, vcpu: number): string =>
  event(0, 5, `kvm_avic_ga_log: vmid=${vm}, vcpuid=${vcpu}`, 0);

async function replayed(text: string): Promise<{ window: string[]; recording: RecordingFacts }> {
  const parameters = recorded.schema.parse({ trace: traceFile(text), irqsPerVcpu: 1 });
  const { stream, recording } = await recorded.generate(parameters, 1, hostSchema.parse({}));
  assert.ok(recording);
  const found: Operation[] = [];
  const { words, windowStart, windowEnd } = stream;
  for (let at = windowStart; at < windowEnd; at += operationWords((words[at] as number) & 15)) {
    found.push(operationAt(words, at));
  }
  return { window: found.map(({ name, operand, argument }) => `${name} ${operand} ${argument}`), recording };
}

describe('kvm_entry and kvm_exit', () => {
  it('are a schedule where no sched_switch is recorded', async () => {
    const text =
      entry(6001, 0, 4) +
      halt(6001, 4) +
      entry(6001, 0, 4) +
      event(6001, 4, 'kvm_exit: reason EXTERNAL_INTERRUPT rip 0x4000 info 0 800000ec') +
      entry(6002, 1, 4) +
      halt(6002, 4) +
      entry(6001, 0, 4);
    const { counts, source, threads } = await readRecording(traceFile(text));
    assert.equal(source, 'kvm_entry');
    assert.deepEqual([counts.loads, counts.puts, counts.putsS, counts.vcpuThreads], [4, 2, 2, 2]);
    assert.deepEqual(threads[0], { tid: 6001, vcpu: 0, comm: '', tgid: 6000 });
    const { recording } = await replayed(text);
    // The thread that another one drove off its CPU was preempted.
    assert.deepEqual([recording.counts.insertedPuts, recording.counts.insertedLoads], [1, 0]);
    assert.match(recording.recorded, /It is read from kvm_entry and kvm_exit/);
    assert.match(recording.assumed, /leaves its CPU at each exit by HLT/);
  });

  it('are read as Intel and AMD print them, with vcpu or without, and raw', async () => {
    const halts = [
      'reason HLT rip 0x0 info 0 0',
      'vcpu 0 reason hlt rip 0x0 info1 0x0',
      'vcpu 0 reason idle-hlt rip 0x0',
      'exit_reason=0xc guest_rip=0x0 isa=1',
      'exit_reason=0x78 (120) guest_rip=0x0 isa=2',
    ];
    const others = [
      'reason EPT_MISCONFIG rip 0x0 info 0 0',
      'vcpu 0 reason npf rip 0x0',
      'exit_reason=0x1 isa=1',
    ];
    const exits = (reasons: string[]): string =>
      reasons
        .map(
          (reason) => event(6001, 4, 'kvm_entry: vcpu_id=0 rip=0x0') + event(6001, 4, `kvm_exit: ${reason}`),
        )
        .join('');
    const { counts } = await readRecording(traceFile(exits(halts) + exits(others)));
    assert.deepEqual([counts.putsS, counts.loads], [5, 6]);
  });

  it('name the threads of sched_switch, also of a switch before the first entry', async () => {
    const qemu = (tid: number) => ({ comm: 'qemu-system-x86', tid });
    const idle = { comm: 'swapper/4', tid: 0 };
    const text =
      traceLine({ cpu: 4, prev: qemu(6001), state: 'R', next: qemu(6002) }) +
      entry(6002, 1, 4).replace(' 700.', ' 2942.') +
      traceLine({ cpu: 4, prev: qemu(6002), state: 'S', next: qemu(6000) }).replace(' 2941.', ' 2943.') +
      entry(6001, 0, 5).replace(' 700.', ' 2944.') +
      traceLine({ cpu: 5, prev: idle, state: 'R', next: qemu(6001) }).replace(' 2941.', ' 2945.');
    const { counts, threads, source } = await readRecording(traceFile(text));
    assert.equal(source, 'sched_switch');
    assert.deepEqual([counts.loads, counts.puts, counts.putsR, counts.vcpuToVcpuSwitches], [2, 2, 1, 1]);
    assert.deepEqual(
      threads.map(({ tid, vcpu }) => [tid, vcpu]),
      [
        [6001, 0],
        [6002, 1],
      ],
    );
  });

  it('name a thread whose comm is not known yet', async () => {
    const idle = { comm: 'swapper/4', tid: 0 };
    const text =
      entry(6001, 3, 4) + traceLine({ cpu: 4, prev: { comm: 'VMM', tid: 6001 }, state: 'S', next: idle });
    const { threads, counts } = await readRecording(traceFile(text));
    assert.deepEqual(threads, [{ tid: 6001, vcpu: 3, comm: 'VMM', tgid: 6000 }]);
    assert.equal(counts.puts, 1);
  });

  it('do not rename a thread that has a name', async () => {
    const next = { comm: 'CPU 3/KVM', tid: 6001 };
    const text =
      traceLine({ cpu: 4, prev: { comm: 'other', tid: 9 }, state: 'S', next }) +
      entry(6001, 7, 4).replace(' 700.', ' 2942.');
    assert.deepEqual(
      (await readRecording(traceFile(text))).threads.map(({ vcpu }) => vcpu),
      [3],
    );
  });
});

describe('kvm_pi_irte_update', () => {
  it('is a route of its irq, away from its vCPU before, and back to the host', async () => {
    const { window, recording } = await replayed(
      entry(6001, 0, 1) +
        irte(60, 0, 0x31) +
        irte(61, 0, 0x32) +
        irte(60, 1, 0x41) +
        irte(60, 1, null) +
        halt(6001, 1),
    );
    assert.deepEqual(window.slice(0, 6), [
      'load 0 1',
      `route 0 ${0x31}`,
      `route 1 ${0x32}`,
      `route 0 ${(1 << 8) | 0x41}`,
      'unroute 0 0',
      'put 0 1',
    ]);
    assert.match(
      recording.recorded,
      /Routes: 4 of 4 IRTE updates \(kvm_pi_irte_update\) are replayed\. 2 vCPUs have/,
    );
    assert.match(recording.recorded, /one vCPU has 2 at once/);
    assert.match(
      recording.assumed,
      /^Devices: consecutive irqs of the host are one device; interrupts that wake/,
    );
  });

  it('of an irq that goes back to the host first was routed before', async () => {
    const { window } = await replayed(entry(6001, 0, 1) + irte(60, 0, null) + irte(70, 0, 0x31));
    assert.deepEqual(window.slice(0, 3), ['load 0 1', 'unroute 0 0', `route 1 ${0x31}`]);
  });

  it('belongs to the VM of its process, or to the VM that its irq had; others are counted', async () => {
    const text =
      entry(6001, 0, 1) +
      entry(7001, 0, 2, 7000) +
      irte(60, 0, 0x31, 7000) +
      irte(60, 0, 0x33, 9) +
      irte(61, 0, 0x31, 9) +
      irte(62, 0, 0x05, 7000);
    const { window, recording } = await replayed(text);
    assert.deepEqual(window.slice(2, 4), [`route 1 ${(1 << 8) | 0x31}`, `route 1 ${(1 << 8) | 0x33}`]);
    assert.equal(recording.counts.eventsWithoutVm, 2);
    assert.ok(recording.warnings.some((warning) => /their VM is unknown: 2\./.test(warning)));
    assert.match(recording.assumed, /^Devices, routes and interrupts of 1 of 2 VMs:/);
  });
});

it('no more events of devices are kept than switches are wanted', async () => {
  const file = traceFile(entry(6001, 0, 1) + [1, 2, 3, 4, 5].map((irq) => irte(irq, 0, 0x31)).join(''));
  const { switches, counts } = await readRecording(file, { switches: 2, countsAll: true });
  assert.deepEqual([switches.devices.length, counts.irteUpdates], [2, 5]);
});

describe('kvm_avic_ga_log', () => {
  it('is a wakeup of a halted vCPU, in place of the assumed ones', async () => {
    const { window, recording } = await replayed(
      entry(6001, 0, 1) +
        irte(60, 0, 0x31) +
        wake(4, 0) +
        halt(6001, 1) +
        wake(4, 0) +
        wake(4, 0) +
        entry(6001, 0, 1),
    );
    assert.deepEqual(window.slice(0, 8), [
      'load 0 1',
      `route 0 ${0x31}`,
      'put 0 1',
      'interrupt 0 0',
      'drainGaLog 0 0',
      'interrupt 0 0',
      'drainGaLog 0 0',
      'load 0 1',
    ]);
    assert.match(recording.recorded, /Wakeups: 2 of 3 GA log entries \(kvm_avic_ga_log\) are replayed\.$/);
  });

  it('is mapped to the only VM that has its vCPUs, and another id to the VM that is left', async () => {
    const vms =
      entry(6001, 0, 1) +
      entry(6002, 1, 2) +
      entry(7001, 0, 3, 7000) +
      irte(60, 0, 0x31) +
      irte(80, 0, 0x31, 7000);
    const halts = halt(6001, 1) + halt(7001, 3, 7000);
    const known = await replayed(vms + halts + wake(8, 1) + wake(8, 0) + wake(9, 0));
    assert.equal(known.recording.counts.replayedWakes, 2);
    assert.equal(known.recording.counts.eventsWithoutVm, 0);
    const unknown = await replayed(vms + halts + wake(8, 0) + wake(9, 0));
    assert.equal(unknown.recording.counts.replayedWakes, 0);
    assert.equal(unknown.recording.counts.eventsWithoutVm, 2);
    const contradicting = await replayed(vms + halts + wake(8, 1) + wake(9, 1));
    assert.equal(contradicting.recording.counts.eventsWithoutVm, 2);
  });
});

it('perf names the process of a thread', async () => {
  const line = (tid: number, vcpu: number): string =>
    ` CPU ${vcpu}/KVM     0 [000]     0.000000: PERF_RECORD_COMM: CPU ${vcpu}/KVM:5000/${tid}\n`;
  const load = (tid: number, vcpu: number): string =>
    traceLine({
      cpu: vcpu,
      prev: { comm: 'other', tid: 9 },
      state: 'S',
      next: { comm: `CPU ${vcpu}/KVM`, tid },
    });
  const text = line(51, 0) + line(77, 0) + line(52, 1).replace(':5000', ':6000') + load(51, 0) + load(52, 1);
  const { groupedBy, machines } = await summarizeRecording(traceFile(text));
  assert.equal(groupedBy, 'tgid');
  assert.deepEqual(
    machines.map(({ tgid }) => tgid),
    [5000, 6000],
  );
});
