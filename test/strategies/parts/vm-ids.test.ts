import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_LISTENER } from '../../../machine/ga-log.js';
import { HOST_PRESETS } from '../../../machine/host.js';
import { createHost } from '../../../machine/machine.js';
import { Memory } from '../../../machine/memory.js';
import { svmIn } from '../../../strategies/parts/svm.js';
import {
  bitmapVmIds,
  checkedVmIds,
  countedVmIds,
  type VmIdSource,
} from '../../../strategies/parts/vm-ids.js';

const machine = (firstVmId = 1) =>
  createHost(new Memory(1 << 24), { ...HOST_PRESETS['v6.8'], iommus: 1, firstVmId }, 0, NO_LISTENER);

/** SVM with these ids. `create` makes a VM of one vCPU and returns its id; `destroy` frees the VM with an id. */
function svmWith(vmIdSource: VmIdSource, firstVmId?: number) {
  const host = machine(firstVmId);
  const svm = svmIn(host, {}, vmIdSource);
  const vms = new Map<number, number>();
  return {
    create(): number {
      const vm = svm.createVm(0, 0, 1, 0);
      const vmId = host.memory.load(vm + svm.kvm.vmId);
      vms.set(vmId, vm);
      return vmId;
    },
    destroy: (vmId: number) => svm.destroyVm(vms.get(vmId) as number),
  };
}

test('the posted counter never gives an id twice and knows no limit', () => {
  const svm = svmWith(countedVmIds(255));
  const ids = Array.from({ length: 300 }, () => {
    const id = svm.create();
    svm.destroy(id);
    return id;
  });
  assert.deepEqual(
    ids,
    Array.from({ length: 300 }, (_, index) => index + 1),
  );
});

test('a counter begins with the bits of the first id that its tag has room for, and never with 0', () => {
  const firstIds = (source: VmIdSource, firstVmId: number): number[] => {
    const svm = svmWith(source, firstVmId);
    return Array.from({ length: 3 }, () => svm.create());
  };
  assert.deepEqual(firstIds(countedVmIds(255), 254), [254, 255, 256]);
  assert.deepEqual(firstIds(countedVmIds(255), 256), [256, 257, 258]);
  assert.deepEqual(firstIds(countedVmIds(255), 0xffff01), [1, 2, 3]);
  assert.deepEqual(firstIds(checkedVmIds(0xfffff), 0xfffffe), [0xffffe, 0xfffff, 1]);
  assert.deepEqual(firstIds(checkedVmIds(255), 256), [1, 2, 3]);
  assert.deepEqual(firstIds(bitmapVmIds(255), 254), [1, 2, 3]);
});

test('the bitmap gives out the lowest free id and reuses one at once', () => {
  const svm = svmWith(bitmapVmIds(255));
  const ids = Array.from({ length: 40 }, () => svm.create());
  assert.deepEqual(
    ids,
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
  svm.destroy(35);
  svm.destroy(7);
  assert.deepEqual([svm.create(), svm.create(), svm.create()], [7, 35, 41]);
});

test('the bitmap refuses an id when all are in use', () => {
  const svm = svmWith(bitmapVmIds(31));
  for (let vm = 0; vm < 31; vm++) svm.create();
  assert.throws(() => svm.create(), /all 31 vm_ids are in use/);
});

test('the checked counter skips 0 and, once it has wrapped, every id in use', () => {
  const svm = svmWith(checkedVmIds(7));
  const ids = Array.from({ length: 7 }, () => svm.create());
  assert.deepEqual(ids, [1, 2, 3, 4, 5, 6, 7]);
  svm.destroy(3);
  svm.destroy(6);
  assert.deepEqual([svm.create(), svm.create()], [3, 6]);
});
