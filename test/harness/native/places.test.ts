// A place of the stack can make all of a process slow. So a window has many.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FLAGS, nativeCompiler, SOURCES } from '../../../harness/native/compile.js';
import { hostWords } from '../../../harness/native/lane.js';
import { temporaryFolder } from '../../project.js';
import { smallHost, smallStream } from './streams.js';

test('the stack of a C process lies elsewhere for every piece of a window, all over 1 MiB', {
  skip: (await nativeCompiler()).reason ?? false,
}, async (t) => {
  const folder = temporaryFolder(t);
  const program = join(folder, 'places');
  const source = join(SOURCES, 'test/harness/native/places.c');
  execFileSync('cc', [...FLAGS, '-w', '-DPOINTER_BYTES=8', '-o', program, source]);
  const stream = join(folder, 'stream');
  const host = smallHost('v6.8');
  writeFileSync(stream, (await smallStream('pinned', { operations: 8192 }, host)).words);
  const found = JSON.parse(execFileSync(program, [...hostWords(host), stream], { encoding: 'utf8' }));
  assert.ok(found.places >= 120, `${found.places} places`);
  assert.ok(found.mostInARow <= 8192 / 100, `${found.mostInARow} loads at one place`);
  assert.ok(found.bytes > 900 * 1024, `${found.bytes} bytes`);
});
