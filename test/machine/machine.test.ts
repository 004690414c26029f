import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DELIVERY } from '../../machine/ga-log.js';
import { HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { GA_LOG_ENTRIES } from '../../machine/iommus.js';
import { GA_LOG_INTR, GUEST_MODE, IS_RUN, remapWord0, VALID } from '../../machine/irte.js';
import { createHost } from '../../machine/machine.js';
import { Memory } from '../../machine/memory.js';

const CAPACITY = GA_LOG_ENTRIES - 1;
const LOGGING = VALID | GUEST_MODE | GA_LOG_INTR;

function hostWith(parameters: Partial<HostParameters> = {}, devices = 4) {
  const tags: number[] = [];
  const memory = new Memory(1 << 23);
  const host = createHost(
    memory,
    { ...HOST_PRESETS['v6.8'], iommus: 2, ...parameters },
    devices,
    (_iommu, tag) => tags.push(tag),
  );
  const write = (devid: number, index: number, word0: number, tag = 0) => {
    host.updateIrte(host.irqTable(devid), host.irteAt(devid, index), word0, tag, 0, 0);
  };
  return { host, memory, tags, write };
}

test('an interrupt goes where its entry says', () => {
  const { host, write } = hostWith();
  const at = host.irteAt(1, 3);
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
  for (const devid of [0, 1, 2, 0]) host.interrupt(host.irteAt(devid, 0));
  host.drainGaLog(host.iommuOf(0));
  assert.deepEqual(tags, [7, 0x80000001 | 0, 7]);
  host.drainGaLog(host.iommuOf(1));
  assert.deepEqual(tags.slice(3), [9]);
});

test('a full GA log flags overflow and stops until it is drained', () => {
  const { host, tags, write } = hostWith();
  write(0, 0, LOGGING, 7);
  const at = host.irteAt(0, 0);
  for (let entry = 0; entry < CAPACITY; entry++) assert.equal(host.interrupt(at), DELIVERY.logged);
  assert.equal(host.interrupt(at), DELIVERY.overflow);
  host.drainGaLog(host.iommuOf(0));
  assert.equal(tags.length, CAPACITY);
  assert.equal(host.interrupt(at), DELIVERY.logged);
});

test('a table is found by device id and by the address of its entries alike', () => {
  const { host } = hostWith();
  for (const devid of [0, 1, 3]) {
    assert.equal(host.irqTable(devid), host.irqTableOf(host.irteAt(devid, 511)));
  }
});

test('the lowest free index is the first entry that is zero, and a full table is refused', () => {
  const { host, write } = hostWith({ irqTableEntries: 256 });
  for (let index = 0; index < 256; index++) {
    assert.equal(host.freeIrteIndex(2), index);
    write(2, index, VALID);
  }
  assert.throws(() => host.freeIrteIndex(2), RangeError);
  write(2, 17, 0);
  assert.equal(host.freeIrteIndex(2), 17);
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

/** Whether a write to a device's table meets a lock that a write to another device's table left held. */
function shareLock(tableLock: HostParameters['tableLock']): boolean {
  const { host, memory, write } = hostWith({ tableLock });
  const store = memory.store.bind(memory);
  let nested = false;
  memory.store = (address, value) => {
    store(address, value);
    if (address !== host.irteAt(0, 0) || nested) return;
    nested = true;
    write(1, 0, VALID);
  };
  try {
    write(0, 0, VALID);
    return false;
  } catch {
    return true;
  }
}

test('two devices share one lock on a host with a global table lock, and no lock otherwise', () => {
  assert.equal(shareLock('global'), true);
  assert.equal(shareLock('per-table'), false);
});

test('more devices than device ids are refused', () => {
  assert.throws(() => hostWith({}, 65_537), RangeError);
});

test('what is made at boot is found by its name, and so are the tables of the host', () => {
  const { host } = hostWith();
  const table = host.bootAlloc(64, 'gatag_hash_0');
  host.bootAlloc(64);
  const symbols = host.symbols();
  assert.equal(symbols.get('gatag_hash_0'), table);
  assert.equal(symbols.get('irte_tables'), host.irteAt(0, 0));
  assert.equal(symbols.get('irq_remap_tables'), host.irqTable(0));
});
