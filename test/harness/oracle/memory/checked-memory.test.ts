import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HISTORY_MEMORY_BYTES, PATIENCE } from '../../../../harness/method.js';
import { checkedMachine } from '../../../../harness/oracle/memory/checked-machine.js';
import { CheckedMemory, type Fault } from '../../../../harness/oracle/memory/checked-memory.js';
import { EndlessError } from '../../../../harness/oracle/memory/journaled-memory.js';
import { ObservedMemory } from '../../../../harness/oracle/memory/observed-memory.js';
import { check } from '../../../../harness/oracle/oracle.js';
import { accessBudget } from '../../../../harness/replay/watchdog.js';
import { boundsOf, historiesWithin } from '../../../../harness/verify/histories/history-generator.js';
import { NO_LISTENER } from '../../../../machine/ga-log.js';
import { HOST_PRESETS, type HostParameters } from '../../../../machine/host.js';
import { AMD_IOMMU } from '../../../../machine/iommus.js';
import { VALID } from '../../../../machine/irte.js';
import { layoutOf } from '../../../../machine/layout.js';
import { createHost, type Machine } from '../../../../machine/machine.js';
import { NULL, WORD_BYTES } from '../../../../machine/memory.js';
import sound from '../../../../strategies/ir-data-pointer.js';
import { openStream } from '../../../../workloads/stream/stream.js';
import { irteOf, tableOf } from '../../../machine/table-of.js';
import { halt, host as smallHost } from '../../small-stream.js';

/** A machine in checked memory, and the faults on it as "kind action struct". */
function checked(tablePlacement: HostParameters['tablePlacement'] = 'mixed') {
  const memory = new CheckedMemory(new ObservedMemory(1 << 24));
  const faults: string[] = [];
  memory.onFault = ({ kind, action, object }: Fault) =>
    faults.push(`${kind}: ${action} ${object?.struct ?? ''}`.trim());
  const parameters = { ...HOST_PRESETS['v6.8'], iommus: 2, tablePlacement };
  const host = createHost(memory.behind, parameters, 2, NO_LISTENER, memory.heap);
  return { memory, host, machine: checkedMachine(host, memory), faults };
}

test('allocated words can be read, written and locked', () => {
  const { memory, machine, faults } = checked();
  const object = machine.kmemCache(24, 'node').alloc();
  const table = machine.bootAlloc(64);
  for (const address of [object, object + 5, table, table + 15]) {
    memory.store(address, 7);
    assert.equal(memory.load(address), 7);
  }
  memory.store(object, 0);
  memory.lock(object);
  memory.unlock(object);
  assert.deepEqual(faults, []);
});

test('an access to a freed object is a fault that names the object and the operation that freed it', () => {
  const { memory, machine } = checked();
  const faults: Fault[] = [];
  memory.onFault = (fault) => faults.push(fault);
  const cache = machine.kmemCache(24, 'node');
  memory.operation = 3;
  const object = cache.alloc();
  memory.operation = 41;
  cache.free(object);
  memory.load(object + 2);
  memory.store(object, 1);
  memory.lock(object + 1);
  assert.deepEqual(
    faults.map(({ kind, action, address }) => [kind, action, address - object]),
    [
      ['freed', 'read', 2],
      ['freed', 'wrote', 0],
      ['freed', 'locked', 1],
    ],
  );
  const { struct, madeBy, freedBy } = faults[0]?.object ?? {};
  assert.deepEqual([struct, madeBy, freedBy], ['node', 3, 41]);
});

test('a freed object is not reused soon, so a stale pointer does not point to a new object', () => {
  const { machine } = checked();
  const cache = machine.kmemCache(24);
  const freed = new Set<number>();
  for (let count = 0; count < 1000; count++) {
    const object = cache.alloc();
    assert.ok(!freed.has(object));
    cache.free(object);
    freed.add(object);
  }
});

test('a long-freed object is reused, and is zero', () => {
  const { memory, machine } = checked();
  const cache = machine.kmemCache(24);
  const top = () => memory.top;
  for (let count = 0; count < 5000; count++) {
    const object = cache.alloc();
    assert.equal(memory.load(object), 0);
    memory.store(object, count);
    cache.free(object);
  }
  const before = top();
  for (let count = 0; count < 5000; count++) cache.free(cache.alloc());
  assert.equal(top(), before);
});

test('NULL, the padding of an object, and the words between objects are not allocated', () => {
  const { memory, machine, faults } = checked();
  const object = machine.kmemCache(20).alloc();
  assert.equal(memory.load(NULL), 0);
  memory.store(NULL + 1, 5);
  memory.store(object + 5, 5);
  memory.load(object + 8);
  assert.deepEqual(
    faults.map((fault) => fault.trim()),
    ['unallocated: read', 'unallocated: wrote', 'unallocated: wrote', 'unallocated: read'],
  );
  assert.equal(memory.objectBefore(object + 8)?.address, object);
});

test('words of the host can be read, and a write to them is a fault', () => {
  const { memory, machine, faults } = checked();
  const cfg = machine.createIrqCfg(3);
  const irte = irteOf(machine, 1, 4);
  memory.load(cfg);
  memory.load(irte);
  memory.load(machine.iommus[0] as number);
  assert.deepEqual(faults, []);
  memory.store(cfg, 1);
  memory.store(irte, 1);
  memory.store(machine.iommus[0] as number, 1);
  assert.deepEqual(faults, ['foreign: wrote irq_cfg', 'foreign: wrote', 'foreign: wrote']);
});

test('an entry is written through the machine, under its own table', () => {
  const { machine, host, faults } = checked();
  const irte = irteOf(machine, 1, 4);
  machine.updateIrte(tableOf(machine, 1), irte, VALID, 0, 0, 0);
  assert.equal(faults.length, 0);
  assert.equal(host.memory.load(irte), VALID);
  machine.updateIrte(tableOf(machine, 0), irte, VALID, 0, 0, 0);
  machine.updateIrte(tableOf(machine, 0), irte + 1, VALID, 0, 0, 0);
  machine.updateIrte(tableOf(machine, 0), NULL, VALID, 0, 0, 0);
  assert.equal(faults.length, 3);
  assert.ok(faults.every((fault) => fault.startsWith('foreign: had the machine write')));
});

test('a double free, a free with another size, and a free of no object are faults', () => {
  const { machine, faults } = checked();
  const node = machine.kmemCache(24, 'node');
  const object = node.alloc();
  machine.kmemCache(32).free(object);
  node.free(object);
  node.free(machine.bootAlloc(24));
  node.free(machine.bootAlloc(24, 'svm_vm_bitmap'));
  node.free(node.alloc() + 1);
  node.free(NULL);
  assert.deepEqual(
    faults,
    [
      'bad-free: freed as one of 24 bytes node',
      'bad-free: freed again node',
      'bad-free: freed what is no object a table made at boot',
      'bad-free: freed what is no object svm_vm_bitmap',
      'bad-free: freed what is no object node',
      'bad-free: freed what is no object',
    ].map((fault) => fault.replace('as one of 24', 'as one of 32')),
  );
});

test('live objects are known by name, without the tables made at boot', () => {
  const { memory, machine } = checked();
  machine.bootAlloc(64);
  const cache = machine.kmemCache(80, 'amd_ir_data');
  const [one] = [cache.alloc(), cache.alloc()];
  cache.free(one as number);
  assert.deepEqual(
    memory.live().map(({ struct }) => struct),
    ['amd_ir_data'],
  );
  // The heap counts the structures of the host's two tables too.
  assert.deepEqual(
    [...memory.heap.live()],
    [
      [16, 2],
      [96, 1],
    ],
  );
});

test('a strategy that bypasses load() and store() finds no words', () => {
  const { memory, machine } = checked();
  const object = machine.kmemCache(24, 'node').alloc();
  assert.equal(memory.words[object], undefined);
  memory.words[object] = 7;
  assert.equal(memory.load(object), 0);
});

test('words of the host have names', () => {
  const { memory, host, machine } = checked();
  const [first, second] = machine.iommus as [number, number];
  const { gaLog } = layoutOf('amd_iommu', AMD_IOMMU, 8).at;
  assert.equal(host.nameOf(first), 'word 0 of the amd_iommu of IOMMU 0');
  assert.match(host.nameOf(host.memory.load(second + gaLog)) ?? '', /^word 0 of the GA log of IOMMU 1$/);
  assert.equal(host.nameOf(irteOf(host, 1, 3)), 'a live IRTE of device 1');
  // The structure of a table comes from kmalloc, or from a region of the host's own.
  assert.equal(memory.allocationAt(tableOf(machine, 1))?.struct, 'irq_remap_table');
  const packed = checked('packed');
  assert.match(
    packed.host.nameOf(tableOf(packed.machine, 1)) ?? '',
    /of the irq_remap_table of each device$/,
  );
  assert.equal(host.nameOf(machine.kmemCache(24, 'node').alloc()), null);
});

test("the structures of tables are not the strategy's, wherever they lie", () => {
  for (const placement of ['mixed', 'packed', 'line'] as const) {
    const { memory, host, machine, faults } = checked(placement);
    const cache = machine.kmemCache(16, 'shadow entry');
    cache.alloc();
    cache.free(tableOf(machine, 1));
    assert.deepEqual([faults.length, host.heldBytes()], [1, 16], placement);
    assert.deepEqual(
      memory.live().map(({ struct }) => struct),
      ['shadow entry'],
    );
  }
});

test('a kept memory is rewound to its words and objects', () => {
  const memory = new CheckedMemory(new ObservedMemory(1 << 20));
  const faults: string[] = [];
  memory.onFault = ({ kind }) => faults.push(kind);
  const cache = memory.heap.cacheFor(64, 'thing');
  const [kept, freed] = [cache.alloc(), cache.alloc()];
  memory.store(kept, 7);
  memory.keep();
  const { top } = memory;
  const before = memory.fingerprint();
  for (let round = 0; round < 2; round++) {
    memory.store(kept, 8);
    memory.store(kept, 9);
    memory.lock(kept + 1);
    const made = cache.alloc();
    memory.store(made, 1);
    cache.free(freed);
    assert.notEqual(memory.fingerprint(), before);
    memory.rewind();
    assert.equal(memory.fingerprint(), before);
    assert.deepEqual([memory.load(kept), memory.load(kept + 1), memory.top], [7, 0, top]);
    assert.equal(memory.live().length, 2);
    assert.deepEqual(faults.splice(0), []);
    memory.load(made);
    assert.deepEqual(faults.splice(0), ['unallocated']);
  }
});

/** Endless operations. */
const RUNAWAYS: Readonly<Record<string, (machine: Machine) => void>> = {
  'allocates objects': (machine) => machine.kmalloc(64),
  'allocates the smallest objects': (machine) => machine.kmalloc(4),
  'allocates tables': (machine) => machine.bootAlloc(64),
  'allocates and frees': (machine) => machine.kfree(machine.kmalloc(64), 64),
};

/** The largest access budget of an operation in a generated history. */
const LARGEST_BUDGET = Math.max(
  ...historiesWithin(boundsOf([]), { count: 200, seed: 1, fixed: {} }).map(({ words }) =>
    accessBudget(openStream(words), PATIENCE.second),
  ),
);

for (const [what, run] of Object.entries(RUNAWAYS)) {
  test(`an operation that ${what} without end is stopped long before it exhausts the memory of a history`, () => {
    const behind = new ObservedMemory(HISTORY_MEMORY_BYTES);
    const memory = new CheckedMemory(behind);
    const host = createHost(behind, { ...HOST_PRESETS['v6.8'], iommus: 2 }, 2, NO_LISTENER, memory.heap);
    const machine = checkedMachine(host, memory);
    const { top } = memory;
    behind.begin(LARGEST_BUDGET);
    assert.throws(() => {
      for (;;) run(machine);
    }, EndlessError);
    assert.ok((memory.top - top) * WORD_BYTES < HISTORY_MEMORY_BYTES / 4);
  });
}

test('an operation that allocates without end is reported as endless', () => {
  const memory = new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES));
  const strategy = {
    ...sound,
    create: (machine: Machine) => ({
      ...sound.create(machine),
      load() {
        for (;;) machine.kmalloc(64);
      },
    }),
  };
  const { findings } = check({ stream: halt(), strategy, host: smallHost, memory });
  assert.deepEqual(
    findings.map((finding) => [finding.check, finding.kind, finding.first.found]),
    [['endless', 'endless', 'it touches memory without end']],
  );
});

test('the same words stored in another order have the same fingerprint, other words another', () => {
  const memory = new CheckedMemory(new ObservedMemory(1 << 20));
  const address = memory.heap.cacheFor(64, 'thing').alloc();
  memory.keep();
  const fingerprintOf = (...stores: [number, number][]): string => {
    memory.rewind();
    for (const [word, value] of stores) memory.store(address + word, value);
    return memory.fingerprint();
  };
  const one = fingerprintOf([0, 1], [1, 2]);
  assert.equal(fingerprintOf([1, 5], [1, 2], [0, 1]), one);
  assert.notEqual(fingerprintOf([0, 2], [1, 1]), one);
  assert.notEqual(fingerprintOf([0, 1], [1, 3]), one);
});
