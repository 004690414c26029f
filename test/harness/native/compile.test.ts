import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

/** Makes a program that runs: it ends as one that is given no stream. */
const MAKES = 'printf "#!/bin/sh\\nexit 2\\n" > "$output"; /bin/chmod +x "$output"';

const calls = (folder: string): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

test('without a compiler nothing is compiled and nothing throws', async (context) => {
  emptyMachine(context);
  assert.deepEqual(await nativeCompiler(), {
    version: null,
    reason: 'no C compiler: cc is not on PATH',
  });
  assert.equal(await compileNative('floor', 8), null);
});

test('a program is compiled once for each design, pointer width and compiler', async (context) => {
  const folder = emptyMachine(context);
  install(folder, 'first 1.0', MAKES);
  assert.equal((await nativeCompiler()).version, 'first 1.0');
  const program = (await compileNative('floor', 8)) as string;
  assert.equal(await compileNative('floor', 8), program);
  assert.equal(calls(folder).length, 1);
  assert.match(
    calls(folder)[0] as string,
    /-O2 -fno-strict-aliasing .*-DPOINTER_BYTES=8 -DSTRATEGY=".*floor\.c" .*program\.c$/,
  );

  const others = [await compileNative('floor', 4), await compileNative('merged-4.9', 8)];
  install(folder, 'second 2.0', MAKES);
  others.push(await compileNative('floor', 8));
  assert.equal(new Set([program, ...others]).size, 4);
  assert.equal(calls(folder).length, 4);
  assert.equal(readdirSync(join(folder, 'cache/gatag-bench')).length, 4);
});

test('a compiler that fails is an error that says its first line, and leaves no program', async (context) => {
  const folder = emptyMachine(context);
  install(folder, 'broken 1.0', 'echo "floor.c:1: what is this" >&2; echo more >&2; exit 1');
  await assert.rejects(
    compileNative('floor', 8),
    /^Error: cc does not compile floor: it fails: floor\.c:1: what is this$/,
  );
  await assert.rejects(compileNative('floor', 8), /what is this/);
});

test('a program that does not run is compiled again, and if that does not help, nobody is told that it runs', async (context) => {
  const folder = emptyMachine(context);
  install(folder, 'first 1.0', MAKES);
  const program = (await compileNative('floor', 8)) as string;
  writeFileSync(program, '');
  assert.equal(await compileNative('floor', 8), program);
  assert.equal(calls(folder).length, 2);
  install(folder, 'second 2.0', 'echo nonsense > "$output"');
  await assert.rejects(compileNative('floor', 8), /floor-[0-9a-f]+: what cc has made does not run$/);
});

test('programs are in a folder that is ours alone; one that others can write to is refused', async (context) => {
  const folder = emptyMachine(context);
  install(folder, 'first 1.0', MAKES);
  await compileNative('floor', 8);
  const cache = join(folder, 'cache/gatag-bench');
  assert.equal(statSync(cache).mode & 0o777, 0o700);
  chmodSync(cache, 0o777);
  await assert.rejects(
    compileNative('floor', 8),
    /gatag-bench: others can write to it, so no program is run/,
  );
});

test('a cache with a relative path is ignored', async (context) => {
  const folder = emptyMachine(context);
  install(folder, 'first 1.0', MAKES);
  const { HOME } = process.env;
  Object.assign(process.env, { XDG_CACHE_HOME: 'relative', HOME: folder });
  context.after(() => Object.assign(process.env, { HOME }));
  assert.match((await compileNative('floor', 8)) as string, new RegExp(`^${folder}/\\.cache/gatag-bench/`));
});
