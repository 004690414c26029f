import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchPlan } from '../../cli/settings.js';
import { maskIrtes } from '../../harness/replay/digest.js';
import { createReplay, plainHost } from '../../harness/replay/replay.js';
import { HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { layoutOf } from '../../machine/layout.js';
import { Memory } from '../../machine/memory.js';
import { BUILT_IN, builtInUrl } from '../../strategies/index.js';
import { KVM } from '../../strategies/parts/vm.js';
import type { Strategy } from '../../strategies/strategy.js';
import { churn } from '../../workloads/churn.js';
import { operationsOf } from '../../workloads/stream/history.js';
import { OP, type OperationStream, operationWords } from '../../workloads/stream/stream.js';

const HOST: HostParameters = { ...HOST_PRESETS['v6.8'], ...churn.host };

const strategyOf = async (id: string): Promise<Strategy> =>
  ((await import(builtInUrl(id))) as { default: Strategy }).default;

async function streamOf(parameters: object = {}): Promise<OperationStream> {
  return (await churn.generate(churn.schema.parse(parameters), 1, HOST)).stream;
}

const windowOf = (stream: OperationStream) => operationsOf(stream, stream.windowStart, stream.windowEnd);

test('a window creates more VMs than 8 bits tell apart, and destroys each of them', async () => {
  const window = windowOf(await streamOf());
  const created = window.flatMap(({ name, operand }) => (name === 'createVm' ? operand : []));
  const destroyed = window.flatMap(({ name, operand }) => (name === 'destroyVm' ? operand : []));
  assert.ok(created.length > 255, String(created.length));
  assert.deepEqual(destroyed.sort(), created.sort());
});

test('VMs that stay are loaded and put while others come and go, and those are loaded, put and interrupted', async () => {
  const { vms } = churn.schema.parse({});
  const stream = await streamOf();
  const staying = vms * 2;
  const loaded = windowOf(stream).flatMap(({ name, operand }) => (name === 'load' ? operand : []));
  assert.ok(loaded.filter((vcpu) => vcpu < staying).length > 1000);
  assert.ok(loaded.filter((vcpu) => vcpu >= staying).length > 1000);
  const owners = new Map<number, number>();
  let interrupts = 0;
  for (const { name, operand, argument } of windowOf(stream)) {
    if (name === 'route') owners.set(operand, argument >>> 8);
    if (name === 'interrupt' && (owners.get(operand) ?? -1) >= staying) interrupts++;
  }
  assert.ok(interrupts > 500, String(interrupts));
});

test('no GA log has an entry left when a VM is destroyed', async () => {
  const { words, ...header } = await streamOf();
  const devices = new Map<number, number>();
  const logged = new Map<number, number>();
  for (const { name, operand, argument } of operationsOf({ words, ...header })) {
    if (name === 'allocIrq') devices.set(operand, argument);
    const iommu = (devices.get(operand) ?? 0) % HOST.iommus;
    if (name === 'interrupt') logged.set(iommu, (logged.get(iommu) ?? 0) + 1);
    if (name === 'drainGaLog') logged.set(operand, 0);
    if (name === 'destroyVm') assert.ok([...logged.values()].every((entries) => entries === 0));
  }
});

/** The strategies whose vm_ids have 8 bits in a tag, so that they write to entries of other VMs. */
const NARROW: readonly string[] = ['posted-v4', 'split-id-hash'];

test('replays leave the IRTEs of the start, tags aside, and all wider strategies the same ones', async () => {
  const stream = await streamOf({ operations: 4096 });
  const memory = new Memory();
  const all: Int32Array[] = [];
  for (const id of BUILT_IN.filter((candidate) => !NARROW.includes(candidate))) {
    memory.clear();
    const { setUp, runWindow, host } = createReplay(stream, await strategyOf(id), plainHost(memory, HOST));
    const irtes = () => maskIrtes(memory.words.subarray(host.irtes.start, host.irtes.end));
    setUp();
    const start = irtes();
    const held = host.heldBytes();
    for (let window = 0; window < 4; window++) {
      runWindow();
      assert.deepEqual(irtes(), start, `${id}, window ${window}`);
      // The lower bound's directory grows with the numbers of vCPUs, once.
      if (id !== 'floor') assert.equal(host.heldBytes(), held, `${id}, window ${window}`);
    }
    all.push(start);
  }
  for (const irtes of all) assert.deepEqual(irtes, all[0]);
});

/** The vm_ids that a strategy gives out, in the order of creation: in the setup, and in two windows. */
async function vmIdsOf(id: string, host: HostParameters): Promise<number[]> {
  const { words, ...header } = await streamOf();
  const { windowStart, windowEnd } = header;
  const memory = new Memory();
  const { vms, step, setUp } = createReplay(
    { words, ...header },
    await strategyOf(id),
    plainHost(memory, host),
  );
  const { vmId } = layoutOf('kvm_svm', KVM, host.pointerBytes).at;
  const idOf = (vm: number): number => memory.load((vms[vm] as number) + vmId);
  setUp();
  const ids = Array.from(vms.keys()).flatMap((vm) => (vms[vm] === 0 ? [] : idOf(vm)));
  for (let window = 0; window < 2; window++) {
    for (let offset = windowStart; offset < windowEnd; ) {
      const word = words[offset] as number;
      step(offset);
      if ((word & 15) === OP.createVm) ids.push(idOf(word >>> 4));
      offset += operationWords(word & 15);
    }
  }
  return ids;
}

test('8-bit ids wrap within a window: VM 257 has the bits of VM 1', async () => {
  for (const host of [HOST, HOST_PRESETS['v6.8']]) {
    const ids = await vmIdsOf('split-id-hash', host);
    assert.deepEqual(
      ids,
      ids.map((_, index) => index + 1),
    );
    assert.equal((ids[256] as number) & 0xff, ids[0]);
  }
});

test('the checked counter wraps within the first window, and goes on in the second', async () => {
  const ids = await vmIdsOf('merged-6.17', HOST);
  const last = 2 ** 23 - 1;
  assert.deepEqual(
    ids.slice(0, 255),
    Array.from({ length: 255 }, (_, index) => last - 254 + index),
  );
  assert.deepEqual(
    ids.slice(255),
    ids.slice(255).map((_, index) => index + 1),
  );
});

test('the bitmap reuses ids, whatever the first id of a counter', async () => {
  const { vms, slots } = churn.schema.parse({});
  const ids = await vmIdsOf('ir-data-pointer', HOST);
  assert.ok(Math.max(...ids) <= vms + slots);
  assert.deepEqual(ids, await vmIdsOf('ir-data-pointer', HOST_PRESETS['v6.8']));
});

test('churn sets the first vm_id, unless the user does', () => {
  const hostOf = (set: Record<string, number>) => benchPlan({ workload: ['churn'], set }).workloads[0]?.host;
  assert.deepEqual(hostOf({}), churn.host);
  assert.deepEqual(hostOf({ slots: 4 }), churn.host);
  assert.deepEqual(hostOf({ firstVmId: 5 }), {});
});
