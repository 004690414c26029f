import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWork as countIn, heldBy } from '../../../harness/counting/counted-work.js';
import { countingHost } from '../../../harness/counting/counting-machine.js';
import { CountingMemory } from '../../../harness/counting/counting-memory.js';
import { createReplay, plainHost } from '../../../harness/replay/replay.js';
import type { VerbCounts } from '../../../harness/results/results.js';
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import { Memory } from '../../../machine/memory.js';
import bucketLockHash from '../../../strategies/bucket-lock-hash.js';
import floor from '../../../strategies/floor.js';
import irDataPointer from '../../../strategies/ir-data-pointer.js';
import listInIrData from '../../../strategies/list-in-ir-data.js';
import merged49 from '../../../strategies/merged-4.9.js';
import opaqueTagHash from '../../../strategies/opaque-tag-hash.js';
import pointerArray from '../../../strategies/pointer-array.js';
import postedV4 from '../../../strategies/posted-v4.js';
import sharedHash from '../../../strategies/shared-hash.js';
import splitIdHash from '../../../strategies/split-id-hash.js';
import type { Strategy } from '../../../strategies/strategy.js';
import type { OperationStream } from '../../../workloads/stream/stream.js';
import { StreamBuilder } from '../../../workloads/stream/stream-builder.js';
import bucketLocks from '../../strategies/bucket-locks.js';
import { halt, host as smallHost } from '../small-stream.js';

const memory = new CountingMemory(1 << 26);
const countWork = (stream: OperationStream, strategy: Strategy, host: HostParameters): VerbCounts[] =>
  countIn({ stream, strategy, host, memory });

const HOST = { ...HOST_PRESETS['v6.8'], heap: 'packed' as const };

/** One vCPU with N entries of one device, loaded and put twice. */
function oneVcpu(entries: number, host: HostParameters = HOST): OperationStream {
  const builder = new StreamBuilder(host);
  const device = builder.addDevice();
  const { firstVcpu } = builder.createVm(1);
  for (let entry = 0; entry < entries; entry++) {
    builder.route(builder.allocIrq(device), firstVcpu, 0x20 + entry);
  }
  builder.beginWindow();
  for (const blocks of [true, false]) {
    builder.load(firstVcpu, 3);
    builder.put(firstVcpu, blocks);
  }
  return builder.finish();
}

/** The work of one kind of operation, if all its operations did the same. */
function workOf(verbs: readonly VerbCounts[], verb: string): Record<string, number> {
  const counted = verbs.find((candidate) => candidate.verb === verb);
  assert.ok(counted, `no ${verb} was counted`);
  return Object.fromEntries(
    Object.entries(counted.work).map(([metric, { p50, p99, worst, mean }]) => {
      assert.deepEqual([p99, worst, mean], [p50, p50, p50], `${metric} of ${verb} is one number`);
      return [metric, p50];
    }),
  );
}

const countOne = (strategy: Strategy, entries: number, host: HostParameters = HOST) =>
  countWork(oneVcpu(entries, host), strategy, host);

const NO_COMMANDS = { invalidate: 0, completionWait: 0 };

/**
 * The load of floor, by hand. It stores CPU, isRunning and isBlocking, and reads the array's address and length. For each
 * entry it reads the slot and four words, takes the table's lock, writes four words, and releases the lock. The vCPU's
 * fields share a line, and so do eight slots, and four entries. The lock of the device's table has a line.
 */
test('the work of a load of floor can be counted by hand, for 0, 1 and 8 entries', () => {
  const byHand = (entries: number, lines: number, linesOfEntries: number, chain: number) => ({
    loads: 2 + 6 * entries,
    stores: 3 + 6 * entries,
    linesRead: lines,
    linesWritten: 1 + linesOfEntries,
    lines,
    entryLines: linesOfEntries,
    chain,
    locks: entries,
    atomics: 2 * entries,
    entries,
    ...NO_COMMANDS,
  });
  assert.deepEqual(workOf(countOne(floor, 0), 'load'), byHand(0, 1, 0, 1));
  assert.deepEqual(workOf(countOne(floor, 1), 'load'), byHand(1, 4, 2, 3));
  assert.deepEqual(workOf(countOne(floor, 8), 'load'), byHand(8, 5, 3, 3));
});

test('a put of floor writes one word less than a load', () => {
  const load = workOf(countOne(floor, 8), 'load');
  assert.deepEqual(workOf(countOne(floor, 8), 'put'), { ...load, stores: (load.stores as number) - 1 });
});

/**
 * List: head, node, ir_data, the pointer to its device's table, the table's lock. Hash: the vCPU's VM, its vm_id, the
 * bucket, ir_data, the pointer to the table, its lock. Each further entry adds one node or ir_data. The lock of the one
 * table is already known.
 */
test('each pointer that a load must follow is one more dependent load', () => {
  const chainOf = (strategy: Strategy, entries: number) => workOf(countOne(strategy, entries), 'load').chain;
  assert.deepEqual(
    [0, 1, 2, 8].map((entries) => chainOf(irDataPointer, entries)),
    [1, 5, 5, 11],
  );
  assert.deepEqual(
    [0, 1, 2, 8].map((entries) => chainOf(opaqueTagHash, entries)),
    [3, 6, 6, 12],
  );
});

/**
 * The vCPU's VM, its vm_id, and the lock of the tag's bucket. The bucket's head depends on the tag alone, so it is the
 * third dependent load too. Then come ir_data, the pointer to the table, its lock, and one ir_data for each further entry.
 */
test('the lock of a bucket and its head are computed from the same key', () => {
  for (const pointerBytes of [4, 8] as const) {
    assert.deepEqual(
      [0, 1, 2, 8].map(
        (entries) => workOf(countOne(bucketLocks, entries, { ...HOST, pointerBytes }), 'load').chain,
      ),
      [3, 6, 6, 12],
    );
  }
});

/** One vCPU with two entries of two devices, loaded and put. With more than one IOMMU, each device has its own. */
function twoEntries(host: HostParameters): OperationStream {
  const builder = new StreamBuilder(host);
  const { firstVcpu } = builder.createVm(1);
  for (const device of [builder.addDevice(), builder.addDevice()]) {
    builder.route(builder.allocIrq(device), firstVcpu, 0x30 + device);
  }
  builder.beginWindow();
  builder.load(firstVcpu, 3);
  builder.put(firstVcpu, false);
  return builder.finish();
}

/** Lines, locks and dependent loads of a load, with objects far from each other. */
function loadOfTwo(strategy: Strategy, iommus: number): (number | undefined)[] {
  const host = { ...HOST_PRESETS['v6.8'], iommus };
  const { lines, locks, chain } = workOf(countWork(twoEntries(host), strategy, host), 'load');
  return [lines, locks, chain];
}

/**
 * Lines by hand. All loads touch the vCPU, two shadow entries, two live entries, the line with both tables and their locks,
 * and the line with the pointers to both tables: 7. Then:
 * - Hash: the VM for its vm_id, 2 lines of each ir_data (96 bytes with node and tag at its ends), and for each table the line
 *   of the lock and a line of buckets. With a lock bit in the bucket there is no line of the lock.
 * - list-in-ir-data: 2 lines of each ir_data (104 bytes; the node is at its start, `ref` at 64).
 * - ir-data-pointer: an irqfd each, and ir_data without a node. Its 96 bytes are at 0 or 32 of a line; the fields that are
 *   read fit into one line only at 0. With this heap's seed, one of the two objects is at 0: 3 lines.
 * - pointer-array: the same ir_data, no irqfd, and a second line of the vCPU: its slots are at 56 and 64.
 *
 * Locks: those of two tables of devices, and one of each hash table, of the bucket, or of the vCPU.
 *
 * Dependent loads end with the pointer to the device's table and the lock in the table: 2. Before them:
 * - Hash: the vCPU's VM, its vm_id, the bucket, and the ir_data: 4. A second ir_data in the same bucket is one more.
 * - list-in-ir-data: the list head, and two ir_data: 3. ir-data-pointer: the list head, two irqfds, and ir_data: 4.
 * - pointer-array: the slot and ir_data: 2. The slot is in the vCPU, whose address is known, so the load of `irs` does not
 *   count, although a CPU waits for it.
 */
test('a load of two entries can be counted by hand for each step from the posted hash to the kept pointer', () => {
  const HASH = 7 + 1 + 2 * 2;
  const byHand: [Strategy, (iommus: number) => [lines: number, locks: number, chain: number]][] = [
    [opaqueTagHash, (iommus) => [HASH + 2 * iommus, iommus + 2, iommus === 1 ? 4 + 1 + 2 : 4 + 2]],
    [sharedHash, () => [HASH + 2, 1 + 2, 4 + 1 + 2]],
    [bucketLockHash, () => [HASH + 1, 1 + 2, 4 + 1 + 2]],
    [listInIrData, () => [7 + 2 * 2, 1 + 2, 3 + 2]],
    [irDataPointer, () => [7 + 2 + 3, 1 + 2, 4 + 2]],
    [pointerArray, () => [7 + 3 + 1, 1 + 2, 2 + 2]],
  ];
  for (const [strategy, expected] of byHand) {
    for (const iommus of [1, 2, 8]) {
      assert.deepEqual(loadOfTwo(strategy, iommus), expected(iommus), `${strategy.id}, ${iommus} IOMMUs`);
    }
  }
});

test('with one IOMMU the lines and locks of opaque-tag-hash and shared-hash differ by at most one each', () => {
  const [opaque, shared] = [opaqueTagHash, sharedHash].map((strategy) => loadOfTwo(strategy, 1));
  for (const metric of [0, 1]) {
    const difference = Number(opaque?.[metric]) - Number(shared?.[metric]);
    assert.ok(Math.abs(difference) <= 1, `${difference}`);
  }
});

test('a hash takes a lock in every IOMMU and a list takes one; both take the lock of a table for each entry', () => {
  assert.deepEqual(
    [opaqueTagHash, irDataPointer, floor].map((strategy) => workOf(countOne(strategy, 2), 'load').locks),
    [HOST.iommus + 2, 1 + 2, 2],
  );
});

test('a load writes all entries of the bucket, unless the walk compares the tag', () => {
  // Eight vCPUs in two buckets: the walk passes the entries of others, and only the compare keeps it from writing them.
  const host = { ...HOST, iommus: 1, hashBits: 1 };
  const builder = new StreamBuilder(host);
  const device = builder.addDevice();
  const { firstVcpu } = builder.createVm(8);
  for (let vcpu = firstVcpu; vcpu < firstVcpu + 8; vcpu++) {
    builder.route(builder.allocIrq(device), vcpu, 0x20);
  }
  builder.beginWindow();
  for (let vcpu = firstVcpu; vcpu < firstVcpu + 8; vcpu++) {
    builder.load(vcpu, vcpu);
    builder.put(vcpu, true);
  }
  const stream = builder.finish();
  const loadOf = (strategy: Strategy) =>
    countWork(stream, strategy, host).find(({ verb }) => verb === 'load')?.work;
  const [posted, split] = [loadOf(postedV4), loadOf(splitIdHash)];
  assert.equal(split?.entries.worst, 1);
  assert.ok((posted?.entries.worst ?? 0) > 1);
});

/**
 * A new vector in v4.9: the irq, its ir_data, the pointer to the table, the table's lock. The caller passes in the vCPU, so
 * the three loads through the VM's array are not needed.
 */
test('an address that the caller passes in needs no load', () => {
  const builder = new StreamBuilder(HOST);
  const { firstVcpu } = builder.createVm(1);
  const irq = builder.allocIrq(builder.addDevice());
  builder.route(irq, firstVcpu, 0x20);
  builder.beginWindow();
  builder.route(irq, firstVcpu, 0x21);
  const work = workOf(countWork(builder.finish(), merged49, HOST), 'route');
  assert.equal(work.chain, 4);
});

test('on a host that flushes each entry, each entry has its commands', () => {
  const counted = countOne(irDataPointer, 3, { ...HOST, ...HOST_PRESETS['2016'], heap: 'packed' });
  const { invalidate, completionWait } = workOf(counted, 'load');
  assert.deepEqual([invalidate, completionWait], [3, 3]);
});

test('counts are the same in two runs', () => {
  for (const strategy of [postedV4, merged49]) {
    const stream = halt();
    assert.deepEqual(countWork(stream, strategy, smallHost), countWork(stream, strategy, smallHost));
  }
});

test('wakeups are counted without the reading of the log', () => {
  const counted = countWork(halt(), irDataPointer, smallHost);
  const wake = counted.find(({ verb }) => verb === 'wake');
  assert.equal(wake?.operations, 32);
  // The lock of the VM table, the bucket, the VM's id, its number of vCPUs, their array, the vCPU's id.
  assert.deepEqual([wake?.work.locks.p50, wake?.work.loads.p50, wake?.work.chain.p50], [1, 7, 4]);
});

test('every word of memory is the same with and without counting', () => {
  const stream = halt();
  const observer = { created() {}, interrupted() {}, woke() {} };
  for (const strategy of [opaqueTagHash, irDataPointer, floor]) {
    const host = { ...smallHost, heap: 'scattered' as const };
    const plain = new Memory(1 << 24);
    createReplay(stream, strategy, plainHost(plain, host), observer).setUp();
    const counting = new CountingMemory(1 << 24);
    createReplay(
      stream,
      strategy,
      (devices, notify) => ({ host: countingHost(counting, host, devices, notify) }),
      observer,
    ).setUp();
    assert.deepEqual(
      Buffer.from(counting.words.slice(0, counting.top).buffer),
      Buffer.from(plain.words.slice(0, plain.top).buffer),
    );
  }
});

test('the memory of a strategy is measured per entry, vCPU, VM and host', () => {
  // An irq of the floor is 32 bytes, its two slots are 16, and its irq_cfg is 8.
  assert.equal(heldBy(floor, HOST).perEntry, 32 + 16 + 8);
  // A node of v4.9 is 24 bytes in an object of 32, which ir-data-pointer has inside the irq's own.
  assert.equal(heldBy(merged49, HOST).perEntry - heldBy(irDataPointer, HOST).perEntry, 16);
  // A table of 2^16 buckets of 8 bytes and a lock's line for each of eight IOMMUs.
  const tables = 8 * (64 + 8 * 2 ** 16);
  assert.equal(heldBy(opaqueTagHash, HOST).fixed - heldBy(irDataPointer, HOST).fixed, tables);
});
