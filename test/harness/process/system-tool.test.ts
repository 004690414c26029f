import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runSystemTool } from '../../../harness/process/system-tool.js';
import { ROOT, temporaryFolder } from '../../project.js';

test('a program is told with its status, its output and why it failed', async (t) => {
  assert.deepEqual(await runSystemTool('sh', ['-c', 'echo out; echo err >&2']), {
    status: 0,
    stdout: 'out\n',
    failure: null,
  });
  const failed = await runSystemTool('sh', ['-c', 'echo "a: wrong" >&2; echo more >&2; exit 3']);
  assert.deepEqual([failed.status, failed.failure], [3, 'fails: a: wrong']);
  assert.equal((await runSystemTool('sh', ['-c', 'exit 3'])).failure, 'fails: exit status 3');
  assert.equal((await runSystemTool('/no/such/program', [])).failure, 'is not on PATH');
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });
  assert.equal((await runSystemTool(file, [])).failure, 'cannot be started: EACCES');
});

test('a program that takes too long is ended', async () => {
  const { status, failure } = await runSystemTool('sleep', ['600'], { seconds: 0.1 });
  assert.deepEqual([status, failure], [null, 'was ended after 0.1 s']);
});

test('a program ends with the process that runs it', async () => {
  const module = join(ROOT, 'dist/harness/process/system-tool.js');
  const script = `import { runSystemTool } from ${JSON.stringify(module)};
runSystemTool('sh', ['-c', 'exec sleep 600']);
setTimeout(() => process.exit(0), 300);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
