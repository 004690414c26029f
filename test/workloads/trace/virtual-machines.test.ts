import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readRecording, type VcpuThread } from '../../../workloads/trace/parse.js';
import { groupThreads, type VirtualMachines } from '../../../workloads/trace/virtual-machines.js';
import { sample } from './trace-text.js';

const thread = (tid: number, vcpu: number, tgid: number | null = null): VcpuThread => ({
  tid,
  vcpu,
  comm: `CPU ${vcpu}/KVM`,
  tgid,
});

const tids = ({ machines }: VirtualMachines): number[][] =>
  machines.map(({ threads }) => threads.map(({ tid }) => tid));

it('threads of one process are one VM, however their ids interleave', async () => {
  const { threads } = await readRecording(sample('A.small.tgid.trace.txt.gz'));
  const grouped = groupThreads(threads);
  assert.equal(grouped.groupedBy, 'tgid');
  assert.deepEqual(
    grouped.machines.map(({ tgid }) => tgid),
    [23459, 23455, 23452, 23462],
  );
  assert.deepEqual(tids(grouped), [
    [23470, 23471],
    [23474, 23476, 23481],
    [23475, 23477, 23478],
    [23480, 23482, 23483],
  ]);
});

it('without processes, runs of thread ids are VMs', () => {
  const threads = [thread(12, 1), thread(10, 0), thread(31, 2), thread(30, 1), thread(29, 0), thread(40, 0)];
  const grouped = groupThreads(threads);
  assert.equal(grouped.groupedBy, 'thread-id runs');
  assert.deepEqual(tids(grouped), [[10, 12], [29, 30, 31], [40]]);
});

it('without processes, a thread of two interleaved VMs joins the one extended last that it continues', () => {
  const threads = [thread(1, 0), thread(2, 1), thread(3, 0), thread(4, 2), thread(5, 1), thread(6, 3)];
  assert.deepEqual(tids(groupThreads(threads)), [
    [1, 2, 4, 6],
    [3, 5],
  ]);
});

it('without processes, a thread that continues no VM begins one', () => {
  assert.deepEqual(tids(groupThreads([thread(1, 0), thread(2, 3), thread(3, 4)])), [[1], [2, 3]]);
});

it('a thread without a process joins the VM that it continues', () => {
  const grouped = groupThreads([thread(1, 0, 70), thread(2, 0, 80), thread(3, 1), thread(4, 1, 70)]);
  assert.equal(grouped.groupedBy, 'both');
  assert.deepEqual(tids(grouped), [
    [1, 4],
    [2, 3],
  ]);
});

it('a thread without a process does not continue a VM that went on', () => {
  const grouped = groupThreads([thread(1, 0, 70), thread(2, 1, 70), thread(3, 1)]);
  assert.deepEqual(tids(grouped), [[1, 2], [3]]);
});

it('many threads are grouped in linear time', () => {
  // With a search through the VMs, these would take 10^10 steps.
  const threads = Array.from({ length: 200_000 }, (_, index) => thread(index, index % 2 === 0 ? 0 : 3));
  assert.equal(groupThreads(threads).machines.length, 200_000);
});
