import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SUITES } from '../../harness/method.js';
import { Model } from '../../harness/oracle/model.js';
import { HOST_PRESETS } from '../../machine/host.js';
import { UsageError } from '../../machine/usage-error.js';
import { WORKLOADS } from '../../workloads/index.js';
import {
  HEADER_WORDS,
  type OperationStream,
  openStream,
  operationAt,
  operationWords,
} from '../../workloads/stream/stream.js';
import type { Workload } from '../../workloads/workload.js';

const host = HOST_PRESETS['v6.8'];

async function streamOf(workload: Workload, seed: number, parameters: object = {}): Promise<OperationStream> {
  return (await workload.generate(workload.schema.parse(parameters), seed, host)).stream;
}

function apply(model: Model, words: Int32Array, start: number, end: number): void {
  for (let offset = start; offset < end; offset += operationWords((words[offset] as number) & 15)) {
    model.apply(operationAt(words, offset));
  }
}

/** The state of every vCPU that exists and every irq's entry, tags aside. */
function imageOf(model: Model, { vcpus, irqs }: OperationStream): string {
  const states = Array.from({ length: vcpus }, (_, vcpu) =>
    model.hasVcpu(vcpu) && model.isAlive(model.vmOf(vcpu))
      ? `${model.cpuOf(vcpu)}${model.isBlocking(vcpu)}`
      : '',
  );
  const entries = Array.from({ length: irqs }, (_, irq) => {
    const { word0, word2, word3 } = model.irteOf(irq);
    return `${word0} ${word2} ${word3}`;
  });
  return `${states.join()};${entries.join()}`;
}

for (const workload of WORKLOADS) {
  test(`${workload.id}: a replayed window leaves every vCPU, route and IRTE as it was`, async () => {
    for (const seed of [1, 2, 3]) {
      const stream = await streamOf(workload, seed);
      const { words, windowStart, windowEnd } = stream;
      const model = new Model('always', stream);
      apply(model, words, HEADER_WORDS, windowStart);
      const before = imageOf(model, stream);
      for (let replay = 0; replay < 2; replay++) {
        apply(model, words, windowStart, windowEnd);
        assert.equal(imageOf(model, stream), before);
      }
    }
  });

  test(`${workload.id}: the same seed gives the same words, another seed others`, async () => {
    const [one, same, other] = await Promise.all([1, 1, 2].map((seed) => streamOf(workload, seed)));
    assert.deepEqual(one?.words, same?.words);
    assert.notDeepEqual(one?.words, other?.words);
  });

  test(`${workload.id}: the default window has 8,192 to 65,536 operations`, async () => {
    const { windowOperations } = await streamOf(workload, 1);
    assert.ok(windowOperations >= 8192 && windowOperations <= 65_536, String(windowOperations));
  });

  test(`${workload.id}: after the teardown nothing is left`, async () => {
    const stream = await streamOf(workload, 1);
    const { words, vms, irqs } = stream;
    const model = new Model('always', stream);
    apply(model, words, HEADER_WORDS, words.length);
    assert.ok(Array.from({ length: vms }).every((_, vm) => !model.isAlive(vm)));
    assert.ok(Array.from({ length: irqs }).every((_, irq) => model.irteOf(irq).word0 === 0));
  });

  test(`${workload.id}: its words say which stream they are`, async () => {
    const stream = await streamOf(workload, 1);
    assert.deepEqual(openStream(stream.words), stream);
  });
}

test('windows are closed whatever the parameters', async () => {
  const parameters = fc.record({
    vms: fc.integer({ min: 1, max: 6 }),
    vcpusPerVm: fc.integer({ min: 1, max: 4 }),
    irqsPerVcpu: fc.integer({ min: 0, max: 5 }),
    devicesPerVm: fc.integer({ min: 1, max: 3 }),
    operations: fc.integer({ min: 16, max: 200 }),
  });
  const generated = WORKLOADS.filter(({ id }) => id !== 'recorded');
  await fc.assert(
    fc.asyncProperty(parameters, fc.constantFrom(...generated), fc.nat(), async (values, workload, seed) => {
      const stream = await streamOf(workload, seed, values);
      const { words, windowStart, windowEnd } = stream;
      const model = new Model('always', stream);
      apply(model, words, HEADER_WORDS, windowStart);
      const before = imageOf(model, stream);
      apply(model, words, windowStart, windowEnd);
      assert.equal(imageOf(model, stream), before);
    }),
    { numRuns: 200 },
  );
});

test('more irqs than a device has entries are a usage error that names the device', async () => {
  const manyQueues = WORKLOADS.find(({ id }) => id === 'many-queues') as Workload;
  await assert.rejects(streamOf(manyQueues, 1, { irqsPerVcpu: 1024, devicesPerVm: 1 }), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /device 0 needs more than the 512 IRTEs/);
    return true;
  });
});

test('the suites run workloads that there are', () => {
  const known = WORKLOADS.map(({ id }) => id);
  for (const { workloads } of Object.values(SUITES)) {
    for (const id of workloads) assert.ok(known.includes(id), id);
  }
  assert.deepEqual([...SUITES.default.workloads].sort(), [...known].sort());
});
