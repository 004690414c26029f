import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { cpuUseOf } from '../../../harness/process/cpu-use.js';

test('the CPU time of a process that works grows, and that of one that is stopped does not', async (context) => {
  if (process.platform === 'win32') {
    context.skip('nobody tells the CPU time of a process');
    return;
  }
  const child = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const pid = child.pid as number;
  const first = cpuUseOf(pid);
  assert.equal(first?.isStopped, false);
  while ((cpuUseOf(pid)?.seconds ?? 0) <= first.seconds + 0.1);
  child.kill('SIGSTOP');
  while (!cpuUseOf(pid)?.isStopped);
  const stopped = cpuUseOf(pid);
  for (let count = 0; count < 100; count++) assert.deepEqual(cpuUseOf(pid), stopped);
});

test('of a process that is not there nothing is told', () => {
  assert.equal(cpuUseOf(2 ** 22 + 1), null);
});
