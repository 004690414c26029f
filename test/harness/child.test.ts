import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Child } from '../../src/harness/child.js';
import { temporaryFolder } from '../project.js';

test('a program that cannot be started is an error where its first answer is waited for', async (context) => {
  const program = join(temporaryFolder(context), 'program');
  writeFileSync(program, '', { mode: 0o644 });
  const child = new Child({ program }, []);
  await assert.rejects(child.hear(), /^Error: the process ended: .*EACCES/);
});

test('a program answers line by line, and what it says on stderr is in the error when it ends', async (context) => {
  const program = join(temporaryFolder(context), 'program');
  writeFileSync(
    program,
    '#!/bin/sh\necho "{\\"word\\":\\"$1\\"}"; read line; echo "no $line" >&2; exit 2\n',
    {
      mode: 0o755,
    },
  );
  const child = new Child({ program }, ['first']);
  assert.deepEqual(await child.hear(), { word: 'first' });
  await assert.rejects(child.ask('image'), /^Error: the process ended: no image$/);
});
