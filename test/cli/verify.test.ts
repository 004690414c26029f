import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../../harness/results/results.js';
import { gatagBench, ROOT, temporaryFolder } from '../project.js';

const SMALL = ['--histories', '0', '--workload', 'pinned', 'halt-wake', '--set', 'vms=4', 'operations=400'];

test('verify judges on both host presets, and the strategy that CONTRIBUTING shows like a built-in one', async (t) => {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const file = join(ROOT, 'contributing-example.test.tmp.mjs');
  writeFileSync(file, code.replaceAll(/^ {3}/gm, ''));
  t.after(() => rmSync(file, { force: true }));
  const words = ['verify', '--schedules', '0', ...SMALL, '--strategy', file, 'floor', 'posted-v4'];
  const { status, stdout, stderr } = await gatagBench(words);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^host v6\.8, seed 1: 3 strategies, 2 workloads/m);
  assert.match(stdout, /^host 2016, seed 1/m);
  assert.match(stdout, /^skip-unchanged: ok on all workloads/m);
  assert.equal(stdout.match(/: ok on all workloads/g)?.length, 2 * 3);
  assert.match(stdout, /No finding outside the declared limits\./);
});

test('verify --json prints JSON alone, with every finding; one that no limit declares is status 1', async (t) => {
  const file = join(temporaryFolder(t), 'hidden.mjs');
  const base = new URL('../../strategies/split-id-hash.js', import.meta.url);
  writeFileSync(
    file,
    `import base from ${JSON.stringify(base)};
    export default { ...base, id: 'hidden', limits: [] };`,
  );
  const verify = ['verify', '--schedules', '0', '--histories', '0', '--workload', 'beyond-255-vms'];
  const found = async (strategy: string) => {
    const words = ['--set', 'preset=v6.8', 'operations=400', '--strategy', strategy, '--json'];
    const { status, stdout } = await gatagBench([...verify, ...words]);
    const { expected, verifications } = JSON.parse(stdout);
    const [check] = verifications[0].workloads[0].checks;
    const declared = check.findings.map(({ kind, declaredBy }: Finding) => `${kind}/${declaredBy}`);
    return { status, expected, strategy: check.strategy, declared };
  };
  assert.deepEqual(await found('split-id-hash'), {
    status: 0,
    expected: true,
    strategy: 'split-id-hash',
    declared: ['aliased-tag/max-vm-id', 'lost-wakeup/max-vm-id'],
  });
  assert.deepEqual(await found(file), {
    status: 1,
    expected: false,
    strategy: 'hidden',
    declared: ['aliased-tag/null', 'lost-wakeup/null'],
  });
});

test('a process that says that it is busy has not answered yet', async (t) => {
  const file = join(temporaryFolder(t), 'busy.mjs');
  const base = new URL('../../strategies/floor.js', import.meta.url);
  writeFileSync(
    file,
    `import { writeSync } from 'node:fs';
    import base from ${JSON.stringify(base)};
    if (process.argv[1].endsWith('-child.js')) for (let sign = 0; sign < 3; sign++) writeSync(1, '{"busy":true}\\n');
    export default { ...base, id: 'busy' };`,
  );
  const { status, stdout } = await gatagBench([
    'verify',
    '--schedules',
    '0',
    ...SMALL,
    '--histories',
    '8',
    '--strategy',
    file,
  ]);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^busy: ok on all workloads/m);
});

test('a design that keeps its state in V8 is found out on a workload, with the shortest history', async (t) => {
  const file = join(temporaryFolder(t), 'cached.mjs');
  const base = new URL('../../strategies/ir-data-pointer.js', import.meta.url);
  writeFileSync(
    file,
    `import base from ${JSON.stringify(base)};
    const known = new Map();
    export default {
      ...base,
      id: 'cached',
      create(machine) {
        known.clear();
        let current;
        const wakeUp = (vcpu) => {
          known.set(current, vcpu);
          machine.wakeUp(vcpu);
        };
        const verbs = base.create({ ...machine, wakeUp });
        return {
          ...verbs,
          wake(tag, iommu) {
            current = tag;
            if (known.has(tag)) machine.wakeUp(known.get(tag));
            else verbs.wake(tag, iommu);
          },
        };
      },
    };`,
  );
  const words = [
    'verify',
    '--schedules',
    '0',
    '--histories',
    '0',
    '--workload',
    'halt-wake',
    '--set',
    'preset=v6.8',
    'vms=4',
  ];
  const { status, stdout } = await gatagBench([...words, 'operations=400', '--strategy', file]);
  assert.equal(status, 1);
  assert.match(stdout, /halt-wake: hidden-state, 1 times \(UNEXPECTED\)/);
  assert.match(stdout, /drain the GA log of IOMMU \d\n\s+-> a second instance/);
});

test('a strategy that needs 4-byte pointers is judged on such a host, and named', async () => {
  const words = ['verify', '--strategy', 'pointer-as-tag', 'ir-data-pointer', '--workload', 'halt-wake'];
  const few = ['--schedules', '0', '--histories', '5', '--set', 'preset=v6.8', 'operations=200'];
  const { status, stdout, stderr } = await gatagBench([...words, ...few]);
  assert.equal(status, 0, stdout);
  assert.match(stderr, /judged on a host with pointerBytes=4: pointer-as-tag$/m);
  assert.match(stdout, /pointer-as-tag[\s\S]*ir-data-pointer/);
  const together = await gatagBench([...words, ...few, 'pointerBytes=4']);
  assert.equal(together.status, 0, together.stdout);
  assert.doesNotMatch(together.stderr, /judged on a host/);
});
