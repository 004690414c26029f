import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PRESETS } from '../../../machine/host.js';
import { openStream } from '../../../workloads/stream/stream.js';
import { StreamBuilder } from '../../../workloads/stream/stream-builder.js';

function smallBuilder() {
  const builder = new StreamBuilder(HOST_PRESETS['v6.8']);
  const { vm, firstVcpu } = builder.createVm(2);
  const irq = builder.allocIrq(builder.addDevice());
  return { builder, vm, vcpu: firstVcpu, irq };
}

const REFUSED: Record<string, (small: ReturnType<typeof smallBuilder>) => void> = {
  'a load of a running vCPU': ({ builder, vcpu }) => {
    builder.load(vcpu, 0);
    builder.load(vcpu, 1);
  },
  'a put of a vCPU that is not running': ({ builder, vcpu }) => builder.put(vcpu, true),
  'an unroute of what is not routed': ({ builder, irq }) => builder.unroute(irq),
  'freeing an irq that is routed': ({ builder, irq, vcpu }) => {
    builder.route(irq, vcpu, 0x30);
    builder.freeIrq(irq);
  },
  'destroying a VM with a routed irq': ({ builder, vm, irq, vcpu }) => {
    builder.route(irq, vcpu, 0x30);
    builder.destroyVm(vm);
  },
  'a route straight from one VM to another': ({ builder, irq, vcpu }) => {
    const other = builder.createVm(1);
    builder.route(irq, vcpu, 0x30);
    builder.route(irq, other.firstVcpu, 0x30);
  },
  'anything with a VM that is gone': ({ builder, vm, vcpu }) => {
    builder.destroyVm(vm);
    builder.load(vcpu, 0);
  },
  'a window that leaves a VM behind': ({ builder }) => {
    builder.beginWindow();
    builder.createVm(1);
    builder.finish();
  },
  'a window that replaces a VM by another': ({ builder, vm }) => {
    builder.beginWindow();
    builder.destroyVm(vm);
    builder.createVm(2);
    builder.finish();
  },
  'a window that leaves an irq behind': ({ builder }) => {
    builder.beginWindow();
    builder.allocIrq(0);
    builder.finish();
  },
};

for (const [what, act] of Object.entries(REFUSED)) {
  test(`${what} is refused`, () => {
    assert.throws(() => act(smallBuilder()));
  });
}

test('a window may create a VM and an irq that it destroys and frees', () => {
  const { builder } = smallBuilder();
  builder.beginWindow();
  const { vm, firstVcpu } = builder.createVm(1);
  const irq = builder.allocIrq(0);
  builder.route(irq, firstVcpu, 0x30);
  builder.load(firstVcpu, 1);
  builder.unroute(irq);
  builder.freeIrq(irq);
  builder.destroyVm(vm);
  const { windowOperations, vms } = builder.finish();
  // destroyVm puts the vCPU that runs.
  assert.deepEqual({ windowOperations, vms }, { windowOperations: 8, vms: 2 });
});

test('words that are no stream are refused', () => {
  assert.throws(() => openStream(new Int32Array(32)), TypeError);
});
