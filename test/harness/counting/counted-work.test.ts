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
import irtePointer from '../../../strategies/irte-pointer.js';
import listInIrData from '../../../strategies/list-in-ir-data.js';
import merged49 from '../../../strategies/merged-4.9.js';
import merged617 from '../../../strategies/merged-6.17.js';
import opaqueTagHash from '../../../strategies/opaque-tag-hash.js';
import pointerArray from '../../../strategies/pointer-array.js';
import postedV4 from '../../../strategies/posted-v4.js';
import sharedHash from '../../../strategies/shared-hash.js';
import splitIdHash from '../../../strategies/split-id-hash.js';
import type { Strategy } from '../../../strategies/strategy.js';
import vcpuEntries from '../../../strategies/vcpu-entries.js';
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

const NO_DEVICE_WORK = { invalidate: 0, completionWait: 0, mmioReads: 0, mmioWrites: 0 };

/**
 * The load of floor, by hand. It stores CPU, isRunning and isBlocking. The physical ID: it reads the VM, its table, the vCPU's id
 * and page, and stores two words. Then it reads the array's start twice and its length. For each entry it reads two pointers and
 * four words, takes the table's lock, writes four words, and releases the lock. Lines: the vCPU, the VM and the table of physical
 * IDs; the second line of the vCPU, on which its slots end; the table's structure; four entries to a line. Eight slots are 128
 * bytes in an array.
 */
test('the work of a load of floor can be counted by hand, for 0, 1 and 8 entries', () => {
  const byHand = (entries: number, slots: number, linesOfEntries: number, chain: number) => ({
    loads: 4 + 3 + 7 * entries,
    stores: 5 + 6 * entries,
    linesRead: 2 + slots + linesOfEntries,
    linesWritten: 2 + linesOfEntries,
    lines: 3 + slots + linesOfEntries,
    wayLines: 0,
    chain,
    locks: entries,
    wayLocks: 0,
    atomics: 2 * entries,
    entries,
    ...NO_DEVICE_WORK,
  });
  assert.deepEqual(workOf(countOne(floor, 0), 'load'), byHand(0, 0, 0, 2));
  assert.deepEqual(workOf(countOne(floor, 1), 'load'), byHand(1, 1, 2, 2));
  assert.deepEqual(workOf(countOne(floor, 8), 'load'), byHand(8, 2, 3, 3));
});

test('a put writes one word less than a load, and reads the CPU that the vCPU was on', () => {
  const load = workOf(countOne(floor, 8), 'load');
  const { loads = 0, stores = 0 } = load;
  assert.deepEqual(workOf(countOne(floor, 8), 'put'), {
    ...load,
    loads: loads + 1,
    stores: stores - 1,
    linesRead: load.linesRead,
  });
});

test('without IPI virtualisation a put does not touch the physical ID table', () => {
  const lines = (['on', 'off'] as const).map(
    (ipiVirtualization) => workOf(countOne(floor, 8, { ...HOST, ipiVirtualization }), 'put').lines,
  );
  // Nor the VM, through which it is reached.
  assert.equal(Number(lines[0]) - Number(lines[1]), 2);
});

/**
 * From ir_data to the lock of its table: the IOMMU, the segment, its table of tables, the slot, and the lock: 5.
 * List: head, node, ir_data, and these: 8 less one, because the load of a lock is the last. Hash: the tag, the bucket, ir_data.
 * Each further entry adds one node or ir_data. From the last of eight, ir_data and its shadow entry are the longest way.
 */
test('each pointer that a load must follow is one more dependent load', () => {
  const chainOf = (strategy: Strategy, entries: number) => workOf(countOne(strategy, entries), 'load').chain;
  assert.deepEqual(
    [0, 1, 2, 8].map((entries) => chainOf(irDataPointer, entries)),
    [2, 7, 7, 11],
  );
  assert.deepEqual(
    [0, 1, 2, 8].map((entries) => chainOf(opaqueTagHash, entries)),
    [2, 7, 7, 11],
  );
});

/**
 * The vCPU's VM, its vm_id, and the lock of the tag's bucket. The bucket's head depends on the tag alone, so it is the
 * third dependent load too.
 */
test('the lock of a bucket and its head are computed from the same key', () => {
  for (const pointerBytes of [4, 8] as const) {
    assert.deepEqual(
      [0, 1, 2, 8].map(
        (entries) => workOf(countOne(bucketLocks, entries, { ...HOST, pointerBytes }), 'load').chain,
      ),
      [3, 8, 8, 12],
    );
  }
});

/** One vCPU with two entries of two devices. It is loaded and put; then one irq is unrouted and routed again. */
function twoEntries(host: HostParameters): OperationStream {
  const builder = new StreamBuilder(host);
  const { firstVcpu } = builder.createVm(1);
  const [irq = 0] = [builder.addDevice(), builder.addDevice()]
    .map((device) => {
      const routed = builder.allocIrq(device);
      builder.route(routed, firstVcpu, 0x30 + device);
      return routed;
    })
    .reverse();
  builder.beginWindow();
  builder.load(firstVcpu, 3);
  builder.put(firstVcpu, false);
  builder.unroute(irq);
  builder.route(irq, firstVcpu, 0x31);
  return builder.finish();
}

/** The work of the operations of {@link twoEntries}, with objects far from each other. */
function workOfTwo(strategy: Strategy, iommus: number): VerbCounts[] {
  const host = { ...HOST_PRESETS['v6.8'], iommus };
  return countWork(twoEntries(host), strategy, host);
}

/** Lines, lines of the driver's way, locks and dependent loads of a load. */
function loadOfTwo(strategy: Strategy, iommus: number): (number | undefined)[] {
  const { lines, wayLines, locks, chain, wayLocks } = workOf(workOfTwo(strategy, iommus), 'load');
  assert.equal(wayLocks, 0);
  return [lines, wayLines, locks, chain];
}

/**
 * Lines by hand, from the facts about Linux. `n` is 1 if both devices are behind one IOMMU, and else 2.
 *
 * Every load: the vCPU, its VM, and the VM's physical ID table: 3. The structures of two tables and two live entries: 4.
 * The driver's way to them: the lines of `pci_seg` in n IOMMUs, the segment, n lines of rlookup_table and n of irq_lookup_table.
 *
 * - merged-6.17: two lines of each irqfd, ir_data and shadow entry: 4 each for two irqs, 8 in all.
 * - opaque-tag-hash: ir_data, whose node and fields that are read share a line, and the shadow entry: 4. For each table of the
 *   hash the line of its lock and the line of a bucket.
 * - vcpu-entries: the two lines of the context, and no way.
 *
 * A put touches the same lines. A route of the second irq, whose device is first on the segment's list, touches the vCPU; the VM
 * if the tag is made then; ir_data; the line of the IOMMU's structure that is read and the one that a flush writes; the segment,
 * one line of each of its tables, and the device; the table's structure and the live entry: 10 or 11. Besides them:
 * - merged-6.17: the VM, two lines of the irqfd, the node of the irq before it on the list, and the shadow entry.
 * - opaque-tag-hash: the second line of ir_data, the shadow entry, one lock and one bucket. With one IOMMU the first irq's ir_data
 *   is in the bucket.
 * - vcpu-entries: two lines of the context.
 *
 * Words by hand, read + written:
 * - Every load reads 4 and writes 2 for the physical ID, and writes 3 words of the vCPU. A put reads one more and writes one less.
 * - To commit an entry: IOMMU and index 2; the way 5; the index and the table's pointer 2; the shadow entry 1 + 4; the lock 1.
 *   Written: lock, four words, unlock: 6.
 * - The run state: 3 read and 2 written, for a put 2 and 1; guest mode 2 read; the root pointer 3 and 2; ga_log_intr 2 and 1.
 * - merged-6.17: lock, head, and for each irq its ir_data and the next. Written: lock and unlock.
 * - opaque-tag-hash: tag and page; for each table lock and head, lock and unlock; for each entry its tag and the next.
 * - vcpu-entries: context and page, lock, array and length 3; for each entry 3 words, table and entry 2, shadow 4, lock 1.
 *   Written: lock, CPU, unlock; 3 words of a shadow, and 6.
 *
 * Commands: none for load and put; INVALIDATE and COMPLETION_WAIT for a route, under the command lock.
 */
test('load, put and route of two entries equal a count by hand on hosts with 1 and 8 IOMMUs', () => {
  const WAY = 2 + 5 + 2 + 5 + 1;
  const load = 3 + 4;
  const way = (n: number) => n + 1 + n + n;
  const modified = 1 + 1 + 2 + 1 + 2 + 1 + 1 + 1;
  type Counts = [lines: number, read: number, written: number, locks: number];
  const byHand: [Strategy, (iommus: number, n: number) => [load: Counts, put: Counts, route: Counts]][] = [
    [
      merged617,
      (_iommus, n) => [
        [load + way(n) + 8, 4 + 2 + 2 * (2 + 2 + 3 + 2 + WAY), 5 + 2 + 2 * (2 + 1 + 6), 3],
        [load + way(n) + 8, 5 + 2 + 2 * (2 + 2 + 2 + 2 + WAY), 4 + 2 + 2 * (1 + 1 + 6), 3],
        [modified + 1 + 2 + 1 + 1, 33, 24, 3],
      ],
    ],
    [
      opaqueTagHash,
      (iommus, n) => [
        [
          load + way(n) + 4 + 2 * iommus,
          4 + 2 + 2 * iommus + 2 * (1 + 2 + 3 + 3 + WAY + 1),
          5 + 2 * iommus + 2 * 10,
          iommus + 2,
        ],
        [
          load + way(n) + 4 + 2 * iommus,
          5 + 2 + 2 * iommus + 2 * (1 + 2 + 3 + 2 + WAY + 1),
          4 + 2 * iommus + 2 * 9,
          iommus + 2,
        ],
        [modified + 4 + (iommus === 1 ? 1 : 0), 32, iommus === 1 ? 23 : 22, 3],
      ],
    ],
    [
      vcpuEntries,
      () => [
        [load + 2, 4 + 2 + 1 + 3 + 2 * (3 + 2 + 4 + 1), 5 + 3 + 2 * (3 + 6), 3],
        [load + 2, 5 + 2 + 1 + 3 + 2 * (3 + 2 + 4 + 1), 4 + 3 + 2 * (3 + 6), 3],
        [modified + 2, 40, 25, 3],
      ],
    ],
  ];
  for (const [strategy, expected] of byHand) {
    for (const iommus of [1, 8]) {
      const verbs = workOfTwo(strategy, iommus);
      const counted = (['load', 'put', 'route'] as const).map((verb) => {
        const { lines, loads, stores, locks, invalidate, completionWait } = workOf(verbs, verb);
        assert.deepEqual([invalidate, completionWait], verb === 'route' ? [1, 1] : [0, 0]);
        return [lines, loads, stores, locks];
      });
      assert.deepEqual(counted, expected(iommus, Math.min(2, iommus)), `${strategy.id}, ${iommus} IOMMUs`);
    }
  }
});

/**
 * Lines by hand, as above. The shadow entries are 2 and ir_data are 2 for all but vcpu-entries. Then:
 * - Hash: for each table the line of the lock and a line of buckets. A lock bit in the bucket has no line of its own.
 * - ir-data-pointer: an object of SVM's for each irq. pointer-array: a second line of the vCPU, where its slots are.
 * - irte-pointer: as ir-data-pointer without the way.
 *
 * Locks: those of two tables of devices, and one of each hash table, of the bucket, or of the vCPU.
 *
 * Dependent loads end with the way: the IOMMU, its segment, the segment's table, the slot, and the lock in the table's structure: 5
 * from ir_data. Without the way they are the table and its lock: 2. Before them:
 * - Hash: the tag and the bucket: 2, and a second ir_data in the same bucket is one more, as long as the walk is.
 * - list-in-ir-data: the list head: 1. ir-data-pointer: head and object: 2. pointer-array: the slot, which is in the vCPU: 1.
 * - vcpu-entries: the context, and its slot's table, and the lock: 3.
 */
test('a load of two entries can be counted by hand for each step from the posted hash to the entries of a vCPU', () => {
  const load = 3 + 4 + 4;
  type Counts = [lines: number, way: number, locks: number, chain: number];
  const byHand: [Strategy, (iommus: number, way: number) => Counts][] = [
    [opaqueTagHash, (iommus, way) => [load + way + 2 * iommus, way, iommus + 2, 2 + 5]],
    [sharedHash, (_, way) => [load + way + 2, way, 1 + 2, 2 + 5]],
    [bucketLockHash, (_, way) => [load + way + 1, way, 1 + 2, 2 + 5]],
    [listInIrData, (_, way) => [load + way, way, 1 + 2, 1 + 5]],
    [irDataPointer, (_, way) => [load + way + 2, way, 1 + 2, 2 + 5]],
    [pointerArray, (_, way) => [load + way + 1, way, 1 + 2, 1 + 5]],
    [irtePointer, () => [load + 2, 0, 1 + 2, 2 + 1 + 2]],
    [vcpuEntries, () => [3 + 4 + 2, 0, 1 + 2, 3]],
    [floor, () => [3 + 4 + 1, 0, 2, 2]],
  ];
  for (const [strategy, expected] of byHand) {
    for (const iommus of [1, 2, 8]) {
      assert.deepEqual(
        loadOfTwo(strategy, iommus),
        expected(iommus, iommus === 1 ? 4 : 7),
        `${strategy.id}, ${iommus} IOMMUs`,
      );
    }
  }
});

test('with one IOMMU the lines and locks of opaque-tag-hash and shared-hash differ by at most one each', () => {
  const [opaque, shared] = [opaqueTagHash, sharedHash].map((strategy) => loadOfTwo(strategy, 1));
  for (const metric of [0, 2]) {
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
 * A new vector in v4.9: ir_data, the IOMMU, the segment, its table, the slot, and the table's lock. The caller passes in the irq
 * and the vCPU, so no load leads to them.
 */
test('an address that the caller passes in needs no load', () => {
  const builder = new StreamBuilder(HOST);
  const { firstVcpu } = builder.createVm(1);
  const irq = builder.allocIrq(builder.addDevice());
  builder.route(irq, firstVcpu, 0x20);
  builder.beginWindow();
  builder.route(irq, firstVcpu, 0x21);
  const work = workOf(countWork(builder.finish(), merged49, HOST), 'route');
  assert.equal(work.chain, 6);
});

test('a route and an unroute flush once on every host, a load and a put each entry in 2016 only', () => {
  for (const [preset, ofLoad] of [
    ['v6.8', 0],
    ['2016', 2],
  ] as const) {
    const host = { ...HOST_PRESETS[preset], iommus: 8 };
    for (const strategy of [postedV4, irDataPointer, vcpuEntries, merged617]) {
      const verbs = countWork(twoEntries(host), strategy, host);
      const flushes = (['load', 'put', 'route', 'unroute'] as const).map((verb) => {
        const { invalidate, completionWait } = workOf(verbs, verb);
        assert.equal(completionWait, invalidate);
        return invalidate;
      });
      assert.deepEqual(flushes, [ofLoad, ofLoad, 1, 1], `${strategy.id}, ${preset}`);
    }
  }
});

test("the way to a table takes the host's lock for each entry in 2016", () => {
  const host = HOST_PRESETS['2016'];
  const wayLocksOf = (strategy: Strategy) =>
    workOf(countWork(twoEntries(host), strategy, host), 'load').wayLocks;
  assert.deepEqual([irDataPointer, irtePointer].map(wayLocksOf), [2, 0]);
});

test('a wake writes a register for each entry of the log, and the first of a poll reads two', () => {
  const builder = new StreamBuilder(HOST);
  const device = builder.addDevice();
  const { firstVcpu } = builder.createVm(1);
  const irqs = [0, 1, 2].map((entry) => {
    const irq = builder.allocIrq(device);
    builder.route(irq, firstVcpu, 0x20 + entry);
    return irq;
  });
  builder.load(firstVcpu, 0);
  builder.put(firstVcpu, true);
  builder.beginWindow();
  for (const logged of [irqs, irqs.slice(0, 1), []]) {
    for (const irq of logged) builder.interrupt(irq);
    builder.drainGaLog(builder.iommuOf(irqs[0] as number));
  }
  const wake = countWork(builder.finish(), irDataPointer, HOST).find(({ verb }) => verb === 'wake');
  assert.equal(wake?.operations, 4);
  // The third poll finds nothing, so no wake has its reads.
  assert.deepEqual([wake.work.mmioReads.mean, wake.work.mmioReads.worst], [(2 + 2) / 4, 2]);
  assert.deepEqual(wake.work.mmioWrites, { mean: 1, p50: 1, p99: 1, worst: 1 });
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
      (devices, listener) => ({ host: countingHost(counting, host, devices, listener) }),
      observer,
    ).setUp();
    assert.deepEqual(
      Buffer.from(counting.words.slice(0, counting.top).buffer),
      Buffer.from(plain.words.slice(0, plain.top).buffer),
    );
  }
});

test('the memory of a strategy is measured per entry, vCPU, VM and host', () => {
  // An irq of the floor is 40 bytes in an object of 64, its slot and its pointer back are 24, its irq_cfg is 8. Eight slots are 192
  // bytes and sixteen are 384, in an object of 512: 40 more for each of eight entries.
  assert.equal(heldBy(floor, HOST).perEntry, 64 + 8 + (512 - 192) / 8);
  // A node of v4.9 is 24 bytes in an object of 32, which ir-data-pointer has inside the irq's own.
  assert.equal(heldBy(merged49, HOST).perEntry - heldBy(irDataPointer, HOST).perEntry, 16);
  // A table of 2^16 buckets of 8 bytes and a lock's line for each of eight IOMMUs.
  const tables = 8 * (64 + 8 * 2 ** 16);
  assert.equal(heldBy(opaqueTagHash, HOST).fixed - heldBy(irDataPointer, HOST).fixed, tables);
});
