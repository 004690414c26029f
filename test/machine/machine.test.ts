import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DELIVERY, NO_LISTENER } from '../../machine/ga-log.js';
import { HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { GA_LOG_ENTRIES } from '../../machine/iommus.js';
import { GA_LOG_INTR, GUEST_MODE, IS_RUN, remapWord0, VALID } from '../../machine/irte.js';
import { createHost, type Host } from '../../machine/machine.js';
import { Memory } from '../../machine/memory.js';
import { devidOf } from '../../machine/pci-segment.js';
import { irteOf, tableOf } from './table-of.js';

const CAPACITY = GA_LOG_ENTRIES - 1;
const LOGGING = VALID | GUEST_MODE | GA_LOG_INTR;

function hostWith(parameters: Partial<HostParameters> = {}, devices = 4) {
  const tags: number[] = [];
  const memory = new Memory(1 << 23);
  const host = createHost(memory, { ...HOST_PRESETS['v6.8'], iommus: 2, ...parameters }, devices, {
    ...NO_LISTENER,
    notify: (_iommu, tag) => tags.push(tag),
  });
  const write = (device: number, index: number, word0: number, tag = 0) => {
    host.updateIrte(tableOf(host, device), irteOf(host, device, index), word0, tag, 0, 0);
  };
  return { host, memory, tags, write };
}

test('an interrupt goes where its entry says', () => {
  const { host, write } = hostWith();
  const at = irteOf(host, 1, 3);
  assert.equal(host.interrupt(at), DELIVERY.aborted);
  write(1, 3, remapWord0(1));
  assert.equal(host.interrupt(at), DELIVERY.remapped);
  write(1, 3, LOGGING | IS_RUN);
  assert.equal(host.interrupt(at), DELIVERY.doorbell);
  write(1, 3, VALID | GUEST_MODE);
  assert.equal(host.interrupt(at), DELIVERY.pending);
  write(1, 3, LOGGING);
  assert.equal(host.interrupt(at), DELIVERY.logged);
});

test('the GA log of an IOMMU gives back the tags of its own devices, in order', () => {
  const { host, tags, write } = hostWith();
  write(0, 0, LOGGING, 7);
  write(2, 0, LOGGING, 0x80000001 | 0);
  write(1, 0, LOGGING, 9);
  for (const devid of [0, 1, 2, 0]) host.interrupt(irteOf(host, devid, 0));
  host.drainGaLog(host.iommuOf(devidOf(0, 2)));
  assert.deepEqual(tags, [7, 0x80000001 | 0, 7]);
  host.drainGaLog(host.iommuOf(devidOf(1, 2)));
  assert.deepEqual(tags.slice(3), [9]);
});

test('a full GA log flags overflow and stops until it is drained', () => {
  const { host, tags, write } = hostWith();
  write(0, 0, LOGGING, 7);
  const at = irteOf(host, 0, 0);
  for (let entry = 0; entry < CAPACITY; entry++) assert.equal(host.interrupt(at), DELIVERY.logged);
  assert.equal(host.interrupt(at), DELIVERY.overflow);
  host.drainGaLog(host.iommuOf(devidOf(0, 2)));
  assert.equal(tags.length, CAPACITY);
  assert.equal(host.interrupt(at), DELIVERY.logged);
});

test('a table is found from its device and by the address of its entries alike', () => {
  for (const tablePlacement of ['mixed', 'packed', 'line'] as const) {
    const { host } = hostWith({ tablePlacement });
    for (const device of [0, 1, 3]) {
      assert.equal(tableOf(host, device), host.tableAt(irteOf(host, device, 511)));
    }
  }
});

test('the lowest free index is the first entry that is zero, and a full table is refused', () => {
  const { host, write } = hostWith({ irqTableEntries: 256 });
  for (let index = 0; index < 256; index++) {
    assert.equal(host.freeIrteIndex(tableOf(host, 2)), index);
    write(2, index, VALID);
  }
  assert.throws(() => host.freeIrteIndex(tableOf(host, 2)), RangeError);
  write(2, 17, 0);
  assert.equal(host.freeIrteIndex(tableOf(host, 2)), 17);
});

/** Commands after one operation that writes two entries of device 0 and one of device 1. */
function commandsWith(flush: HostParameters['flush']) {
  const { host, write } = hostWith({ flush });
  for (const [devid, index] of [
    [0, 0],
    [0, 1],
    [1, 0],
  ] as const) {
    write(devid, index, VALID);
  }
  host.finishOperation();
  host.finishOperation();
  return host.commands();
}

test('commands are counted for each entry, for each device of an operation, or not at all', () => {
  assert.deepEqual(commandsWith('per-entry'), { invalidate: 3, completionWait: 3 });
  assert.deepEqual(commandsWith('per-device'), { invalidate: 2, completionWait: 2 });
  assert.deepEqual(commandsWith('none'), { invalidate: 0, completionWait: 0 });
});

test('a device that was flushed is flushed again by the next operation', () => {
  const { host, write } = hostWith({ flush: 'per-device' });
  for (let operation = 0; operation < 3; operation++) {
    write(3, 0, VALID);
    host.finishOperation();
  }
  assert.equal(host.commands().invalidate, 3);
});

test('every other change of an entry is flushed on every host: the device is searched, and its IOMMU waits', () => {
  for (const flush of ['none', 'per-entry', 'per-device'] as const) {
    const { host } = hostWith({ flush });
    host.modifyIrte(tableOf(host, 1), irteOf(host, 1, 0), VALID, 0, 0, 0);
    host.finishOperation();
    assert.deepEqual(host.commands(), { invalidate: 1, completionWait: 1 });
  }
  const { host, memory } = hostWith();
  const reads: number[] = [];
  const load = memory.load.bind(memory);
  memory.load = (address) => {
    reads.push(address);
    return load(address);
  };
  const linesOf = (device: number): number => {
    reads.length = 0;
    host.searchDevData(host.iommus[device % 2] as number, devidOf(device, 2));
    return new Set(reads.map((address) => address >>> 4)).size;
  };
  // The newest device is the first of the list. Two lines lead to the list.
  assert.deepEqual([3, 2, 0].map(linesOf), [3, 4, 6]);
  assert.throws(() => host.searchDevData(host.iommus[0] as number, 9), RangeError);
});

/** The locks that an operation takes, in order. */
function locksOf(parameters: Partial<HostParameters>, operation: (host: Host) => void): string[] {
  const { host, memory } = hostWith(parameters);
  const locks: string[] = [];
  const lock = memory.lock.bind(memory);
  memory.lock = (address) => {
    locks.push(host.lockClassOf(address) ?? 'unknown');
    lock(address);
  };
  operation(host);
  return locks;
}

test('in 2016 a lock of the host protects the look-up of a table, and each command is queued under the command lock', () => {
  const write = (host: Host): void => {
    const table = tableOf(host, 1);
    host.updateIrte(table, host.irteAt(table, 0), VALID, 0, 0, 0);
  };
  assert.deepEqual(locksOf({}, write), ['irq_remap_table']);
  const { tableLookup, commandLock, flush } = HOST_PRESETS['2016'];
  assert.deepEqual(locksOf({ tableLookup, commandLock, flush }, write), [
    'iommu_table_lock',
    'irq_remap_table',
    'amd_iommu',
    'amd_iommu',
  ]);
  assert.deepEqual(locksOf({ flush }, write), ['irq_remap_table', 'amd_iommu']);
});

test('table structures lie one in a line, four in a line, or among the shadow entries', () => {
  const lineOf = (tablePlacement: HostParameters['tablePlacement'], device: number): number =>
    tableOf(hostWith({ tablePlacement, heap: 'packed' }).host, device) >>> 4;
  assert.deepEqual(new Set([0, 1, 2, 3].map((device) => lineOf('line', device))).size, 4);
  assert.deepEqual(new Set([0, 1, 2, 3].map((device) => lineOf('packed', device))).size, 1);
  const { host } = hostWith({ tablePlacement: 'mixed', heap: 'packed' });
  const shadow = host.kmemCache(16).alloc();
  assert.equal(shadow, tableOf(host, 3) + 4);
});

test('more devices than device ids are refused', () => {
  assert.throws(() => hostWith({}, 65_521), RangeError);
});

test('what is made at boot is found by its name, and so are the tables of the host', () => {
  const { host } = hostWith();
  const table = host.bootAlloc(64, 'gatag_hash_0');
  host.bootAlloc(64);
  const symbols = host.symbols();
  assert.equal(symbols.get('gatag_hash_0'), table);
  assert.equal(symbols.get('irte_tables'), irteOf(host, 0, 0));
});
