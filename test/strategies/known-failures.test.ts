// The known failures of the known-bad designs, on whole workloads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournaledMemory } from '../../harness/oracle/memory/journaled-memory.js';
import { check } from '../../harness/oracle/oracle.js';
import type { Check, Finding } from '../../harness/results/results.js';
import { HOST_PRESET_NAMES, HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { WORKLOADS } from '../../workloads/index.js';
import { StreamBuilder } from '../../workloads/stream/stream-builder.js';

const V6_8 = HOST_PRESETS['v6.8'];

async function judge(id: string, workload: string, host: HostParameters = V6_8): Promise<Check> {
  const { default: strategy } = (await import(builtInUrl(id))) as { default: Strategy };
  const chosen = WORKLOADS.find((candidate) => candidate.id === workload);
  assert.ok(chosen);
  const changed = { ...host, ...chosen.host };
  const { stream } = await chosen.generate(chosen.schema.parse({}), 1, changed);
  return check({ stream, strategy, host: changed, memory: new JournaledMemory() });
}

const kindsOf = ({ findings }: Check) =>
  findings.map(({ kind, declaredBy }) => `${kind}/${declaredBy}`).sort();

test('posted-v4 updates entries of another vCPU in the same bucket, with the hash of v4.7', async () => {
  const { findings } = await judge('posted-v4', 'overcommit');
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    ['same-bucket'],
  );
  const { what, outcome } = (findings[0] as Finding).first;
  assert.match(`${what}: ${outcome}`, /^load vm 4 vcpu 15 .* owned by vm 116 vcpu 0, was set running on CPU/);
});

test('with the multiplier of v4.6 no two tags of that host share a bucket', async () => {
  assert.deepEqual(kindsOf(await judge('posted-v4', 'overcommit', { ...V6_8, hashMultiplier: 'v4.6' })), []);
});

test('the missing compare is repaired by the compare alone', async () => {
  assert.deepEqual(kindsOf(await judge('split-id-hash', 'overcommit')), []);
});

test('designs with 8 bits for the vm_id alias beyond 255 VMs, and the right vCPU sleeps on', async () => {
  assert.deepEqual(kindsOf(await judge('posted-v4', 'beyond-255-vms')), [
    'aliased-tag/max-vm-id',
    'lost-wakeup/ga-log-first-match',
  ]);
  assert.deepEqual(kindsOf(await judge('split-id-hash', 'beyond-255-vms')), [
    'aliased-tag/max-vm-id',
    'lost-wakeup/max-vm-id',
  ]);
});

for (const id of BUILT_IN.filter((candidate) => candidate !== 'posted-v4' && candidate !== 'split-id-hash')) {
  test(`${id} has no failure beyond 255 VMs`, async () => {
    const verdict = await judge(id, 'beyond-255-vms', HOST_PRESETS['2016']);
    assert.deepEqual(kindsOf(verdict), []);
    assert.ok(verdict.matchesOracle);
  });
}

for (const preset of HOST_PRESET_NAMES) {
  test(`where VMs come and go, only the designs with 8 bits for the vm_id fail, as they declare, on ${preset}`, async () => {
    for (const id of BUILT_IN) {
      const verdict = await judge(id, 'churn', HOST_PRESETS[preset]);
      const { findings } = verdict;
      const isNarrow = id === 'posted-v4' || id === 'split-id-hash';
      assert.equal(findings.length > 0, isNarrow, id);
      assert.ok(
        findings.every(({ declaredBy }) => declaredBy !== null),
        id,
      );
      assert.ok(isNarrow || verdict.matchesOracle, id);
    }
  });
}

test('a VM that a replay creates again counts as one more creation, and is named where it reuses an address', async () => {
  const { default: strategy } = (await import(builtInUrl('split-id-hash'))) as { default: Strategy };
  const host = { ...V6_8, iommus: 1 };
  const builder = new StreamBuilder(host);
  const first = builder.createVm(1);
  const device = builder.addDevice();
  const [irq, guestIrq] = [builder.allocIrq(device), builder.allocIrq(device)];
  builder.route(irq, first.firstVcpu, 0x30);
  builder.beginWindow();
  for (let count = 0; count < 200; count++) {
    const { vm, firstVcpu } = builder.createVm(1);
    builder.interrupt(irq);
    builder.drainGaLog(0);
    builder.load(firstVcpu, 1);
    builder.route(guestIrq, firstVcpu, 0x31);
    builder.unroute(guestIrq);
    builder.put(firstVcpu, false);
    builder.destroyVm(vm);
  }
  const stream = builder.finish();
  const { findings } = check({ stream, strategy, host, memory: new JournaledMemory() });
  // The second window creates number 57 as the 257th VM since boot.
  const vm257 = 'vm 57 vcpu 0';
  assert.deepEqual(
    findings.map(({ kind, declaredBy, first: { what } }) => `${kind}/${declaredBy}: ${what}`),
    [
      'lost-wakeup/max-vm-id: drain the GA log of IOMMU 0',
      // It has no entry yet in this life, and so no tag that the oracle knows.
      `foreign-write/max-vm-id: load ${vm257} on CPU 1`,
      `aliased-tag/max-vm-id: put ${vm257}, preempted`,
    ],
  );
  assert.equal(findings[0]?.first.found, vm257);
});

test('an 8-bit vcpu_id aliases vCPU 256 to vCPU 0, and a 9-bit index does not', async () => {
  const host = { ...V6_8, iommus: 1 };
  const builder = new StreamBuilder(host);
  const device = builder.addDevice();
  const { firstVcpu } = builder.createVm(257);
  for (const vcpu of [firstVcpu, firstVcpu + 256]) builder.route(builder.allocIrq(device), vcpu, 0x30);
  builder.beginWindow();
  builder.load(firstVcpu, 1);
  const stream = builder.finish();
  const verdicts = await Promise.all(
    ['opaque-tag-hash', 'merged-6.17'].map(async (id) => {
      const { default: strategy } = (await import(builtInUrl(id))) as { default: Strategy };
      return kindsOf(check({ stream, strategy, host, memory: new JournaledMemory() }));
    }),
  );
  assert.deepEqual(verdicts, [['aliased-tag/max-vcpu-id', 'lost-wakeup/max-vcpu-id'], []]);
});

test('a per-entry host queues as many commands as a window has entry updates; a v6.8 host none', async () => {
  const old = await judge('ir-data-pointer', 'pinned', HOST_PRESETS['2016']);
  const now = await judge('ir-data-pointer', 'pinned', V6_8);
  // 16,508 loads and puts of vCPUs with two entries each.
  assert.deepEqual(old.commandsPerWindow, { invalidate: 33_016, completionWait: 33_016 });
  assert.deepEqual(now.commandsPerWindow, { invalidate: 0, completionWait: 0 });
});

test('eight hash tables of 2^16 pointers are 4 MiB that the list designs do not hold', async () => {
  const hashed = await judge('opaque-tag-hash', 'pinned');
  const listed = await judge('ir-data-pointer', 'pinned');
  const tables = 8 * 2 ** 16 * 8;
  assert.ok(hashed.memoryBytes - listed.memoryBytes > 0.99 * tables);
  assert.ok(hashed.memoryBytes - listed.memoryBytes < 1.01 * tables);
});
