import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournaledMemory } from '../../../../harness/oracle/memory/journaled-memory.js';
import { check } from '../../../../harness/oracle/oracle.js';
import type { Finding } from '../../../../harness/results/results.js';
import { withCounterexample } from '../../../../harness/verify/histories/counterexample.js';
import { minimise } from '../../../../harness/verify/histories/minimise.js';
import { HOST_PRESETS } from '../../../../machine/host.js';
import posted from '../../../../strategies/posted-v4.js';
import split from '../../../../strategies/split-id-hash.js';
import type { Strategy } from '../../../../strategies/strategy.js';
import { WORKLOADS } from '../../../../workloads/index.js';
import { type History, historyStream } from '../../../../workloads/stream/history.js';
import { parseHistory } from '../../../../workloads/stream/history-text.js';
import { stepsOf } from '../../../../workloads/stream/operation-text.js';

const host = HOST_PRESETS['v6.8'];

function shortest(history: History, shows: (history: History) => boolean): string[] {
  let found = history;
  minimise(history, shows, 4000, (shorter) => {
    found = shorter;
  });
  return stepsOf(found.operations);
}

const LONG = parseHistory(
  `create VMs 1-40 with vCPUs 0-3 each
   allocate irqs 0-9 of device 3
   route irqs 0-4 to vm 7 vcpu 2, vector 0x55
   load vm 7 vcpu 2 on CPU 9
   interrupt irq 2, 30 times
   put vm 7 vcpu 2, blocking
   drain the GA log of IOMMU 3
   unroute irqs 0-4`,
  'long',
);

test('operations that a failure does not need are removed, and the others are simplified', () => {
  const shows = ({ operations }: History) =>
    operations.filter(({ name }) => name === 'createVm').length >= 3 &&
    operations.some(({ name }) => name === 'load');
  assert.deepEqual(shortest({ host, operations: LONG.operations }, shows).length, 2);
});

test('each accepted history is no longer than the one before', () => {
  let operations = LONG.operations.length;
  minimise(
    LONG,
    (candidate) => candidate.operations.some(({ name }) => name === 'put'),
    4000,
    (shorter) => {
      assert.ok(shorter.operations.length <= operations);
      operations = shorter.operations.length;
    },
  );
  assert.equal(operations, 1);
});

test('the number of trials is bounded', () => {
  let trials = 0;
  minimise(
    LONG,
    () => {
      trials++;
      return false;
    },
    17,
    () => {},
  );
  assert.equal(trials, 17);
});

/** The counterexample to a strategy's first failure of a kind on a workload. */
async function counterexampleTo(strategy: Strategy, workload: string, kind: Finding['kind']) {
  const chosen = WORKLOADS.find(({ id }) => id === workload);
  assert.ok(chosen);
  const { stream } = await chosen.generate(chosen.schema.parse({}), 1, host);
  const memory = new JournaledMemory();
  const request = { stream, strategy, second: strategy, host, memory };
  const finding = check(request).findings.find((candidate) => candidate.kind === kind);
  assert.ok(finding);
  const { counterexample } = withCounterexample(finding, request);
  assert.ok(counterexample);
  return counterexample;
}

test('the shortest counterexample to posted-v4 has two routed entries and one load', async () => {
  const { host: parameters, steps, outcome } = await counterexampleTo(posted, 'overcommit', 'same-bucket');
  assert.deepEqual(steps, [
    'create VMs 1-3 with vCPU 0 each',
    'create VM 4 with vCPUs 0-15',
    'create VMs 5-116 with vCPU 0 each',
    'allocate irqs 0-1 of device 0',
    'route irq 0 to vm 4 vcpu 15, vector 0x30',
    'route irq 1 to vm 116 vcpu 0, vector 0x30',
    'load vm 4 vcpu 15 on CPU 2',
  ]);
  assert.equal(parameters, 'iommus=1');
  assert.match(outcome, /^the IRTE of irq 1, owned by vm 116 vcpu 0, was set running on CPU 2/);
});

test('the shortest counterexample to 8-bit ids shows VM 257 meeting VM 1', async () => {
  const { steps, outcome } = await counterexampleTo(split, 'beyond-255-vms', 'aliased-tag');
  const text = [...steps, outcome].join('\n');
  assert.match(text, /create VMs? (1-257|2-256)/);
  assert.match(text, /load vm (1|257) vcpu \d/);
  assert.match(outcome, /owned by vm (257|1) vcpu \d, was set running/);
  assert.ok(steps.length <= 10, text);
});

test('a counterexample, read back, shows the same failure at its last step', async () => {
  const { host: parameters, steps, outcome } = await counterexampleTo(posted, 'overcommit', 'same-bucket');
  const history = parseHistory([`host ${parameters}`, ...steps].join('\n'), 'counterexample');
  const memory = new JournaledMemory();
  const { findings } = check({
    stream: historyStream(history),
    strategy: posted,
    host: history.host,
    memory,
  });
  assert.deepEqual(
    findings.map(({ kind, first }) => [kind, first.outcome]),
    [['same-bucket', outcome]],
  );
  assert.equal(findings[0]?.first.operation, history.operations.length - 1);
});

test('vCPU ids are simplified where they do not matter, even if two of them must be equal', () => {
  const history = parseHistory(
    `create VMs 1-2 with vCPUs 0-7 each
     allocate irqs 0-1 of device 0
     route irq 0 to vm 1 vcpu 5, vector 0x30
     route irq 1 to vm 2 vcpu 5, vector 0x30
     load vm 1 vcpu 5 on CPU 2`,
    'same place',
  );
  // As with equal low 8 bits of a vm_id: the vCPUs alias if their ids are equal.
  const shows = (candidate: History): boolean => {
    const placeOf = (vcpu: number, vm: number): number => {
      const created = candidate.operations.filter(({ name }) => name === 'createVm')[vm];
      return created === undefined ? -1 : vcpu - created.argument;
    };
    const routes = candidate.operations.filter(({ name }) => name === 'route');
    const places = routes.map(({ argument }, vm) => placeOf(argument >>> 8, vm));
    const counts = candidate.operations.filter(({ name }) => name === 'createVm').map(({ count }) => count);
    return (
      places.length === 2 &&
      places[0] === places[1] &&
      places.every((place, vm) => place >= 0 && place < (counts[vm] ?? 0)) &&
      candidate.operations.some(({ name }) => name === 'load')
    );
  };
  const steps = shortest(history, shows);
  assert.equal(steps[0], 'create VMs 1-2 with vCPU 0 each');
  assert.ok(steps.includes('load vm 1 vcpu 0 on CPU 2'));
});
