import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  SILENT_CPU_SECONDS,
  SILENT_SECONDS,
  STUCK_CPU_SECONDS,
  UNKNOWN_SECONDS,
} from '../../../harness/method.js';
import { Child, ChildError, silenceError } from '../../../harness/process/child.js';
import { temporaryFolder } from '../../project.js';

/** A child that is a shell script. */
function childOf(context: TestContext, script: string, mode = 0o755): Child {
  const program = join(temporaryFolder(context), 'program');
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode });
  return new Child({ program }, ['first']);
}

/** What an answer that does not come is told as. */
async function failureOf(child: Child): Promise<ChildError> {
  const error = await child.hear().catch((reason: unknown) => reason);
  assert.ok(error instanceof ChildError, String(error));
  return error;
}

test('a program that cannot be started is told as that, and blames the machine', async (context) => {
  const { blames, message } = await failureOf(childOf(context, '', 0o644));
  assert.equal(blames, 'machine');
  assert.match(message, /^it could not be started: .*EACCES/);
});

test('a program answers line by line, and what it says on stderr is in the error when it ends', async (context) => {
  const child = childOf(context, 'echo "{\\"word\\":\\"$1\\"}"; read line; echo "no $line" >&2; exit 2');
  assert.deepEqual(await child.hear(), { word: 'first' });
  child.say('image');
  const { blames, message } = await failureOf(child);
  assert.deepEqual([blames, message], ['machine', 'it ended with exit status 2: no image']);
});

test('a program that a signal has ended is told with the signal', async (context) => {
  const { blames, message } = await failureOf(childOf(context, 'kill -KILL $$'));
  assert.deepEqual([blames, message], ['machine', 'it was killed by SIGKILL']);
});

test('a program that ran out of memory is told with what it said of that', async (context) => {
  const said = 'FATAL ERROR: Reached heap limit Allocation failed';
  const { blames, message } = await failureOf(childOf(context, `echo "${said}" >&2; kill -ABRT $$`));
  assert.deepEqual([blames, message], ['machine', `it ended with ${said} (SIGABRT)`]);
});

test('what is no answer is told, and blames the machine', async (context) => {
  const { blames, message } = await failureOf(childOf(context, 'echo hello'));
  assert.deepEqual([blames, message], ['machine', 'it said what is no answer: hello']);
});

test('a strategy that has ended its process is to blame, and the harness where it cannot do its part', async (context) => {
  const ended = await failureOf(childOf(context, 'echo \'{"ended":"it ended its process with status 0"}\''));
  assert.deepEqual([ended.blames, ended.message], ['strategy', 'it ended its process with status 0']);
  const unable = await failureOf(childOf(context, 'echo \'{"unable":"no memory"}\''));
  assert.deepEqual([unable.blames, unable.message], ['machine', 'no memory']);
});

test('a silent child is asked for its CPU time: hung with much, stuck with none, and waited for otherwise', () => {
  assert.equal(silenceError(SILENT_SECONDS, SILENT_CPU_SECONDS), null);
  assert.equal(silenceError(100 * SILENT_SECONDS, (SILENT_CPU_SECONDS + STUCK_CPU_SECONDS) / 2), null);
  assert.equal(silenceError(2 * SILENT_SECONDS, SILENT_CPU_SECONDS + 1)?.blames, 'strategy');
  assert.match(silenceError(SILENT_SECONDS, 0)?.message ?? '', /used no CPU time/);
  assert.equal(silenceError(SILENT_SECONDS, 0)?.blames, 'machine');
});

test('where nobody tells its CPU time, a silent child is waited for longer, and never blamed', () => {
  assert.equal(silenceError(SILENT_SECONDS, null), null);
  assert.equal(silenceError(UNKNOWN_SECONDS, null)?.blames, 'machine');
});
