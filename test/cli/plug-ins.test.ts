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

const KILL = "process.kill(process.pid, 'SIGKILL')";
const UNREADABLE = `import { isMainThread } from 'node:worker_threads';
if (isMainThread) throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE', syscall: 'open' });`;

test('a module that does not end or ends its process fails, the others are judged, and that decides the status', async (context) => {
  const files = [
    moduleOf(context, 'loops', { atImport: 'for (;;);' }),
    moduleOf(context, 'waits', { atImport: 'await new Promise(() => {});' }),
    moduleOf(context, 'exits-at-import', { atImport: 'process.exit(0);' }),
    moduleOf(context, 'exits-in-load', { inLoad: 'process.exit(0)' }),
  ];
  const killed = moduleOf(context, 'killed', { inLoad: KILL });
  const { status, checks, undone } = await verified([...files, killed]);
  assert.equal(status, 1);
  assert.deepEqual(checks.slice(0, 4).flatMap(findingsOf), [
    'endless: its import: it does not end',
    'endless: its import: its top-level await never settles',
    'threw: its import: it ended its process with status 0',
    'threw: the process of the check: it ended its process with status 0',
  ]);
  assert.deepEqual([checks[4]?.strategy, checks[4]?.histories, checks[4]?.findings.length], ['floor', 20, 0]);
  // What could not be judged is told, and no finding.
  assert.deepEqual(
    undone.map(({ strategy }) => strategy),
    ['killed'],
  );
});

test('a child that is killed once is started again, which one line says, and timers keep none alive', async (context) => {
  const marker = join(temporaryFolder(context), 'killed');
  const kill = `if (!existsSync('${marker}')) { writeFileSync('${marker}', ''); ${KILL} }`;
  const { status, stderr, checks } = await verified([
    moduleOf(context, 'killed', { inLoad: kill }),
    moduleOf(context, 'ticks', { atImport: 'setInterval(() => {}, 1000);' }),
  ]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^killed on histories: it was killed by SIGKILL; a second try succeeded$/m);
  assert.deepEqual([checks[0]?.histories, checks[0]?.findings.length], [20, 0]);
});

test('a child that is killed again, or that the machine cannot read a second time, is not judged: status 3, and no blame', async (context) => {
  const { status, checks, undone } = await verified([
    moduleOf(context, 'killed', { inLoad: KILL }),
    moduleOf(context, 'unreadable', { atImport: UNREADABLE }),
  ]);
  assert.equal(status, 3);
  assert.deepEqual(
    checks.map(({ strategy, findings }) => [strategy, findings.length]),
    [['floor', 0]],
  );
  assert.deepEqual(
    undone.map(({ strategy, where, what, reason }) => [strategy, where, what, reason]),
    [
      ['killed', 'histories', 'judged', 'it was killed by SIGKILL'],
      [
        'unreadable',
        'histories',
        'judged',
        'the strategy cannot be read: Error: EMFILE: too many open files',
      ],
    ],
  );
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
