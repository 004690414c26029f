import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lastCpu, pinToTimedCpu, timedCpu } from '../../../harness/process/affinity.js';

test('the CPU for timed rounds is the last of those allowed', () => {
  assert.equal(lastCpu('0-1'), 1);
  assert.equal(lastCpu('0-3,8'), 8);
  assert.equal(lastCpu('\t5'), 5);
  assert.equal(lastCpu(''), null);
});

test('a process is pinned with all its threads', {
  skip: (await timedCpu()) === null && 'no taskset here',
}, async (t) => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  t.after(() => child.kill());
  await new Promise((resolve) => child.once('spawn', resolve));
  const pid = child.pid as number;
  await pinToTimedCpu(pid);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  assert.equal(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1], String(await timedCpu()));
});
