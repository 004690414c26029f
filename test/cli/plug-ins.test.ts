// A user's module runs in children alone: what it does to its process is told, blames who is to blame, and stops nobody else.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Undone } from '../../harness/results/results.js';
import type { HistoryCheck } from '../../harness/verify/histories/history-check.js';
import { gatagBench, ROOT, temporaryFolder } from '../project.js';

const SOUND = join(ROOT, 'dist/strategies/ir-data-pointer.js');

/** A module that is a sound strategy but for what is put into its load, or in front of it. */
function moduleOf(context: TestContext, id: string, { atImport = '', inLoad = '' }): string {
  const file = join(temporaryFolder(context), `${id}.mjs`);
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs';
import sound from ${JSON.stringify(SOUND)};
${atImport}
export default {
  ...sound,
  id: '${id}',
  create(machine) {
    const verbs = sound.create(machine);
    return { ...verbs, load(vcpu, cpu) { ${inLoad}; verbs.load(vcpu, cpu); } };
  },
};
`,
  );
  return file;
}

/** What `verify` says of modules on a few histories. */
async function verified(
  files: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{
  status: number | null;
  stderr: string;
  checks: readonly HistoryCheck[];
  undone: readonly Undone[];
}> {
  const words = ['verify', '--workload', 'none', '--histories', '20', '--schedules', '0', '--json'];
  const run = await gatagBench([...words, '--strategy', ...files, 'floor'], ROOT, {
    ...process.env,
    ...env,
  });
  const { histories, undone } = JSON.parse(run.stdout);
  return { status: run.status, stderr: run.stderr, checks: histories.checks, undone };
}

const findingsOf = (check: HistoryCheck | undefined): string[] =>
  (check?.findings ?? []).map(({ finding: { kind, first } }) => `${kind}: ${first.what}: ${first.found}`);

test('a module that loops when it is imported is endless there, and the others are judged', async (context) => {
  const file = moduleOf(context, 'loops', { atImport: 'for (;;);' });
  const { status, checks, undone } = await verified([file]);
  assert.equal(status, 1);
  assert.deepEqual(findingsOf(checks[0]), ['endless: its import: it does not end']);
  assert.equal(checks[1]?.histories, 20);
  assert.deepEqual(undone, []);
});

test('a module whose await never settles, or that ends its process, is a failure of the strategy', async (context) => {
  const files = [
    moduleOf(context, 'waits', { atImport: 'await new Promise(() => {});' }),
    moduleOf(context, 'exits-at-import', { atImport: 'process.exit(0);' }),
    moduleOf(context, 'exits-in-load', { inLoad: 'process.exit(0)' }),
  ];
  const { status, checks, undone } = await verified(files);
  assert.equal(status, 1);
  assert.deepEqual(checks.slice(0, 3).flatMap(findingsOf), [
    'endless: its import: its top-level await never settles',
    'threw: its import: it ended its process with status 0',
    'threw: the process of the check: it ended its process with status 0',
  ]);
  assert.deepEqual([checks[3]?.histories, checks[3]?.findings.length], [20, 0]);
  assert.deepEqual(undone, []);
});

test('a child that is killed once is started again, which one line says and no status', async (context) => {
  const marker = join(temporaryFolder(context), 'killed');
  const kill = `if (!existsSync('${marker}')) { writeFileSync('${marker}', ''); process.kill(process.pid, 'SIGKILL') }`;
  const { status, stderr, checks } = await verified([moduleOf(context, 'killed', { inLoad: kill })]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^killed on histories: it was killed by SIGKILL; a second try succeeded$/m);
  assert.deepEqual([checks[0]?.histories, checks[0]?.findings.length], [20, 0]);
});

test('a child that is killed again could not be judged: no finding, the reason, and status 3', async (context) => {
  const file = moduleOf(context, 'killed', { inLoad: "process.kill(process.pid, 'SIGKILL')" });
  const { status, checks, undone } = await verified([file]);
  assert.equal(status, 3);
  assert.deepEqual(
    checks.map(({ strategy, findings }) => [strategy, findings.length]),
    [['floor', 0]],
  );
  const reason = 'it was killed by SIGKILL';
  assert.deepEqual(undone, [{ strategy: 'killed', where: 'histories', what: 'judged', reason }]);
});

test('where a failure and what could not be judged meet, the failure decides the status', async (context) => {
  const files = [
    moduleOf(context, 'killed', { inLoad: "process.kill(process.pid, 'SIGKILL')" }),
    moduleOf(context, 'exits', { inLoad: 'process.exit(0)' }),
  ];
  assert.equal((await verified(files)).status, 1);
});

test('a machine that has no memory for the modelled host accuses no strategy', async () => {
  // Without its compiler V8 has no WebAssembly, and so no memory that begins at a page.
  const { status, checks, undone } = await verified(['ir-data-pointer'], { NODE_OPTIONS: '--jitless' });
  assert.equal(status, 3);
  assert.deepEqual(checks, []);
  assert.deepEqual(
    undone.map(({ strategy }) => strategy),
    ['ir-data-pointer', 'floor'],
  );
  for (const { reason } of undone) assert.match(reason, /^the memory of the modelled host cannot be made: /);
});

test('timers of a module keep no process alive', async (context) => {
  const { status } = await verified([
    moduleOf(context, 'ticks', { atImport: 'setInterval(() => {}, 1000);' }),
  ]);
  assert.equal(status, 0);
});

test('a module that the machine cannot read a second time is not judged, and not blamed', async (context) => {
  const atImport = `import { isMainThread } from 'node:worker_threads';
if (isMainThread) throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE', syscall: 'open' });`;
  const { status, checks, undone } = await verified([moduleOf(context, 'unreadable', { atImport })]);
  assert.equal(status, 3);
  assert.deepEqual(
    checks.map(({ strategy }) => strategy),
    ['floor'],
  );
  assert.deepEqual(
    undone.map(({ strategy, reason }) => [strategy, reason]),
    [['unreadable', 'the strategy cannot be read: Error: EMFILE: too many open files']],
  );
});
