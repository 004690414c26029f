import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../project.js';

const MODULE = join(ROOT, 'dist/harness/process/before-exit.js');

/** Runs a script that says "ready", and sends it a signal then. @returns What it said, and how it ended. */
async function run(script: string, signal?: NodeJS.Signals): Promise<[string, number | null, string | null]> {
  const text = `import { beforeExit } from ${JSON.stringify(MODULE)};
const say = (word) => require('node:fs').writeSync(1, word + ' ');
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (signal !== undefined && said.includes('ready')) child.kill(signal);
  });
  const [status, by] = await once(child, 'close');
  return [said.trim(), status, by];
}

const TWO = `beforeExit(() => say('first')); beforeExit(() => { say('second'); throw new Error('no'); });`;

test('the newest is cleaned up first, and an error does not keep the others from it', async () => {
  assert.deepEqual(await run(TWO), ['second first', 0, null]);
});

test('an uncaught error, a rejected promise, an exit and a signal clean up', async () => {
  assert.deepEqual((await run(`${TWO} throw new Error('no');`))[0], 'second first');
  assert.deepEqual((await run(`${TWO} Promise.reject(new Error('no'));`))[0], 'second first');
  assert.deepEqual(await run(`${TWO} process.exit(3);`), ['second first', 3, null]);
  const waits = `${TWO} say('ready'); setTimeout(() => {}, 60_000);`;
  assert.deepEqual(await run(waits, 'SIGINT'), ['ready second first', 130, null]);
  assert.deepEqual(await run(waits, 'SIGTERM'), ['ready second first', 143, null]);
});

test('what was cleaned up is not cleaned up again, and a signal then has its usual effect', async () => {
  const script = `beforeExit(() => say('once'))(); say('ready'); setTimeout(() => {}, 60_000);`;
  assert.deepEqual(await run(script, 'SIGINT'), ['once ready', null, 'SIGINT']);
});
