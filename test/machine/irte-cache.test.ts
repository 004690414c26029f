import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DELIVERY, NO_LISTENER } from '../../machine/ga-log.js';
import { HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import { destinationOf, GA_LOG_INTR, GUEST_MODE, IS_RUN, remapWord0, VALID } from '../../machine/irte.js';
import { CachingIommus } from '../../machine/irte-cache.js';
import { createHost } from '../../machine/machine.js';
import { Memory } from '../../machine/memory.js';
import { irteOf, tableOf } from './table-of.js';

const POSTED = VALID | GUEST_MODE;

/** A host with one entry that an IOMMU has cached. */
function cachedHost(cachedFields: HostParameters['cachedFields'], word0: number) {
  const parameters = { ...HOST_PRESETS['v6.8'], iommus: 1, cachedFields };
  const hardware = new CachingIommus(parameters);
  const host = createHost(new Memory(1 << 23), parameters, 1, NO_LISTENER, undefined, hardware);
  const irte = irteOf(host, 0, 5);
  const write = (...words: [number, number, number, number]): void =>
    host.writeIrte(tableOf(host, 0), irte, ...words);
  write(word0, 1, 0x30, 0);
  host.interrupt(irte);
  return { hardware, host, irte, write };
}

/** What an interrupt does after the fields of the entry have changed without a flush. */
function afterChange(cachedFields: HostParameters['cachedFields'], from: number, to: number) {
  const { hardware, host, irte, write } = cachedHost(cachedFields, from);
  write(to, 2, 0x31, 0);
  const delivery = host.interrupt(irte);
  const [word0 = 0, tag, vector, word3 = 0] = hardware.delivered;
  return { delivery, destination: destinationOf(word0, word3), tag, vector };
}

test('a cached field keeps its value until a flush, and every other field is read with each interrupt', () => {
  const [stopped, runs] = [POSTED | GA_LOG_INTR, POSTED | GA_LOG_INTR | IS_RUN | (7 << 8)];
  // The vector is cached on every host, and the tag on none.
  const old = { tag: 2, vector: 0x30 };
  for (const fields of ['manual', 'ga-log-intr'] as const) {
    assert.deepEqual(afterChange(fields, stopped, runs), {
      ...old,
      delivery: DELIVERY.doorbell,
      destination: 7,
    });
  }
  const state = { ...old, delivery: DELIVERY.logged, destination: 0 };
  assert.deepEqual(afterChange('run-state', stopped, runs), state);
});

test('ga_log_intr is cached on one host only', () => {
  const after = (fields: HostParameters['cachedFields']) =>
    afterChange(fields, POSTED, POSTED | GA_LOG_INTR).delivery;
  assert.equal(after('manual'), DELIVERY.logged);
  assert.equal(after('run-state'), DELIVERY.logged);
  assert.equal(after('ga-log-intr'), DELIVERY.pending);
});

test('an entry of either mode stays what it was until its INVALIDATE has completed', () => {
  for (const [from, to, old, right] of [
    [remapWord0(1), POSTED, DELIVERY.remapped, DELIVERY.pending],
    [POSTED, remapWord0(1), DELIVERY.pending, DELIVERY.remapped],
    [POSTED, 0, DELIVERY.pending, DELIVERY.aborted],
  ] as const) {
    const { hardware, host, irte, write } = cachedHost('manual', from);
    const iommu = host.iommuAt(irte);
    write(to, 0, 0, 0);
    assert.equal(host.interrupt(irte), old);
    hardware.queueInvalidate(iommu, host.deviceAt(irte));
    const wait = hardware.queueWait(iommu);
    assert.equal(host.interrupt(irte), old);
    hardware.completeOldest(iommu);
    assert.equal(host.interrupt(irte), right);
    assert.equal(hardware.hasCompleted(iommu, wait), false);
    hardware.completeOldest(iommu);
    assert.ok(hardware.hasCompleted(iommu, wait));
  }
});

test('the flush of a change is complete when the change is', () => {
  const { host, irte, hardware } = cachedHost('manual', POSTED);
  host.modifyIrte(tableOf(host, 0), irte, remapWord0(1), 0, 0, 0);
  assert.equal(hardware.isBusy(host.iommuAt(irte)), false);
  assert.equal(host.interrupt(irte), DELIVERY.remapped);
});
