import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWork } from '../../harness/counting/counted-work.js';
import { CountingMemory } from '../../harness/counting/counting-memory.js';
import { HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { devicesPerIommu } from '../../machine/pci-segment.js';
import postedV4 from '../../strategies/posted-v4.js';
import { countOperations, openStream } from '../../workloads/stream/stream.js';
import { countedParameters, hasRoom, SWEEP_POINTS, type SweepPoint, sweep } from '../../workloads/sweep.js';

const HOST = HOST_PRESETS['v6.8'];
const memory = new CountingMemory();

/** The work of posted-v4 when each vCPU of equal VMs, with one entry each, is loaded once. */
async function loadsOf(vms: number, vcpusPerVm: number, host: Partial<HostParameters> = {}) {
  const parameters = { vms, vcpusPerVm, irqsPerVcpu: 1, devicesPerVm: 1, rounds: 1, wakeShare: 0 };
  const parsed = { ...HOST, iommus: 1, ...host };
  const { stream } = await sweep.generate(parameters, 1, parsed);
  const toWindowEnd = { ...stream, words: stream.words.subarray(0, stream.windowEnd) };
  const load = countWork({ stream: toWindowEnd, strategy: postedV4, host: parsed, memory }).find(
    ({ verb }) => verb === 'load',
  );
  assert.ok(load);
  assert.equal(load.operations, vms * vcpusPerVm);
  return {
    others: Math.round((load.work.entries.mean - 1) * load.operations),
    longest: load.work.entries.worst,
  };
}

test('with the hash of v4.7, 16-bit tags of 113 VMs of 16 vCPUs share no bucket, and of 128 six vCPUs do', async () => {
  assert.equal((await loadsOf(113, 16)).others, 0);
  assert.equal((await loadsOf(128, 16)).others, 6);
});

// 7,176 + 312 pairs: every tag that shares a bucket shares it with one other.
test('of all 65,536 tags 14,976 share a bucket of two with the hash of v4.7, and none with that of v4.6', async () => {
  assert.deepEqual(await loadsOf(256, 256), { others: 14_976, longest: 2 });
  assert.deepEqual(await loadsOf(256, 256, { hashMultiplier: 'v4.6' }), { others: 0, longest: 1 });
});

test('every vCPU has its turn as often as there are rounds, and the window closes by itself', async () => {
  const parameters = { vms: 3, vcpusPerVm: 4, irqsPerVcpu: 2, devicesPerVm: 1, rounds: 5, wakeShare: 0 };
  const { stream } = await sweep.generate(parameters, 1, HOST);
  const counts = countOperations(stream.words, stream.windowStart, stream.windowEnd);
  assert.deepEqual(counts, { load: 60, put: 60 });
  assert.equal(openStream(stream.words).windowOperations, 120);
});

test('points have ids that differ, and differ from the run in what their axis says', () => {
  const ids = SWEEP_POINTS.map(({ workload }) => workload.id);
  assert.equal(new Set(ids).size, ids.length);
  const valuesOf = (axis: SweepPoint['axis']) =>
    SWEEP_POINTS.filter((point) => point.axis === axis).map((point) => {
      const { vms, irqsPerVcpu } = point.parameters;
      const { iommus } = { ...HOST, ...point.host };
      return { irqsPerVcpu, iommus, vms, value: point.value };
    });
  for (const { irqsPerVcpu, value } of valuesOf('entriesPerVcpu')) assert.equal(irqsPerVcpu, value);
  for (const { iommus, value } of valuesOf('iommus')) assert.equal(iommus, value);
  for (const { vms, value } of valuesOf('vms')) assert.equal(vms, value);
  const reach = (axis: SweepPoint['axis']) => valuesOf(axis).map(({ value }) => value);
  assert.deepEqual([Math.min(...reach('entriesPerVcpu')), Math.max(...reach('entriesPerVcpu'))], [0, 2048]);
  assert.deepEqual([Math.min(...reach('vms')), Math.max(...reach('vms'))], [1, 16_384]);
});

test('no host has more devices than its PCI segment has ids for', () => {
  for (const { axis, value, host, parameters } of SWEEP_POINTS) {
    const { iommus } = { ...HOST, ...host };
    const devices = parameters.vms * parameters.devicesPerVm;
    assert.ok(devices <= devicesPerIommu(iommus) * iommus, `${axis} ${value}: ${devices} devices`);
  }
});

test('to count a point, one round is enough', () => {
  for (const point of SWEEP_POINTS) {
    const { rounds, wakeShare } = countedParameters(point);
    assert.deepEqual([rounds, wakeShare], [1, 1]);
  }
});

test("a host of a sweep is left out just where its devices' tables have no room for it", async () => {
  const small = SWEEP_POINTS.filter(
    ({ parameters: { vms, vcpusPerVm, irqsPerVcpu } }) => vms * vcpusPerVm * irqsPerVcpu <= 16_384,
  );
  for (const irqTableEntries of [256, 512] as const) {
    for (const point of small) {
      const host = { ...HOST, ...point.host, irqTableEntries };
      const generate = async () => point.workload.generate(countedParameters(point), 1, host);
      const generated = await generate().then(
        () => true,
        () => false,
      );
      assert.equal(
        generated,
        hasRoom(point, host),
        `${point.axis} ${point.value}, ${irqTableEntries} entries`,
      );
    }
  }
  assert.ok(small.every((point) => hasRoom(point, HOST)));
  assert.ok(!small.every((point) => hasRoom(point, HOST_PRESETS['2016'])));
});
