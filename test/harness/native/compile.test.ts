import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { compileNative, nativeCompiler } from '../../../harness/native/compile.js';
import { temporaryFolder } from '../../project.js';

/** Makes a folder the whole of PATH and of the cache, for as long as the test runs. */
function emptyMachine(context: TestContext): string {
  const folder = temporaryFolder(context);
  const { PATH, XDG_CACHE_HOME } = process.env;
  Object.assign(process.env, { PATH: folder, XDG_CACHE_HOME: join(folder, 'cache') });
  context.after(() => {
    process.env.PATH = PATH;
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  });
  return folder;
}

/** Puts a compiler there that writes down what it is told, and then does this. */
function install(folder: string, version: string, does: string): void {
  const script = [
    '#!/bin/sh',
    `if [ "$1" = --version ]; then echo "${version}"; echo more; exit; fi`,
    `echo "$@" >> ${folder}/calls`,
    'for output; do [ "$previous" = -o ] && break; previous=$output; done',
    does,
    '',
  ];
  writeFileSync(join(folder, 'cc'), script.join('\n'), { mode: 0o755 });
}

const calls = (folder: string): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

test('without a compiler nothing is compiled and nothing throws', (context) => {
  emptyMachine(context);
  assert.deepEqual(nativeCompiler(), { version: null, reason: 'no C compiler: cc is not on PATH' });
  assert.equal(compileNative('floor', 8), null);
});

test('a program is compiled once for each design, pointer width and compiler', (context) => {
  const folder = emptyMachine(context);
  install(folder, 'first 1.0', 'echo program > "$output"');
  assert.equal(nativeCompiler().version, 'first 1.0');
  const program = compileNative('floor', 8) as string;
  assert.equal(readFileSync(program, 'utf8'), 'program\n');
  assert.equal(compileNative('floor', 8), program);
  assert.equal(calls(folder).length, 1);
  assert.match(
    calls(folder)[0] as string,
    /-O2 -fno-strict-aliasing .*-DPOINTER_BYTES=8 -DSTRATEGY=".*floor\.c" .*program\.c$/,
  );

  const others = [compileNative('floor', 4), compileNative('merged-4.9', 8)];
  install(folder, 'second 2.0', 'echo program > "$output"');
  others.push(compileNative('floor', 8));
  assert.equal(new Set([program, ...others]).size, 4);
  assert.equal(calls(folder).length, 4);
  assert.equal(readdirSync(join(folder, 'cache/gatag-bench')).length, 4);
});

test('a compiler that fails is an error that says its first line, and leaves no program', (context) => {
  const folder = emptyMachine(context);
  install(folder, 'broken 1.0', 'echo "floor.c:1: what is this" >&2; echo more >&2; exit 1');
  assert.throws(
    () => compileNative('floor', 8),
    /^Error: cc does not compile floor: floor\.c:1: what is this$/,
  );
  assert.throws(() => compileNative('floor', 8), /what is this/);
});
