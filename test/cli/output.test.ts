// What is measured is kept, whatever happens to the places that a run writes to.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultsSchema } from '../../harness/results/results.js';
import { gatagBench, ROOT, RUN_ENTRIES, temporaryFolder } from '../project.js';

const CLI = join(ROOT, 'dist/cli/cli.js');
const TINY =
  'bench --workload pinned --processes 1 --rounds 1 --strategy ir-data-pointer --set vms=4 operations=400'.split(
    ' ',
  );
const FULL = '/dev/full';
const skip = existsSync(FULL) ? false : `no ${FULL}, a device that is always full, on this system`;

const holdsResults = (folder: string): boolean =>
  resultsSchema.safeParse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).success;

test('a run whose stdout and stderr nobody reads, and whose latest cannot be moved, is complete: status 0', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'bench-results/latest/mine'), { recursive: true });
  const child = spawn(process.execPath, [CLI, ...TINY], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  child.stderr.destroy();
  const [status] = await once(child, 'exit');
  assert.equal(status, 0);
  const [name = '', ...others] = readdirSync(join(cwd, 'bench-results')).filter((one) => one !== 'latest');
  assert.deepEqual(others, []);
  const files = readdirSync(join(cwd, 'bench-results', name));
  assert.deepEqual(files.sort(), RUN_ENTRIES);
  assert.ok(holdsResults(join(cwd, 'bench-results', name)));
});

test('output that cannot be written is said once, and changes no status', { skip }, async () => {
  const full = openSync(FULL, 'w');
  const child = spawn(process.execPath, [CLI, 'list', 'strategies'], { stdio: ['ignore', full, 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, 'close');
  assert.deepEqual([status, stderr], [0, 'gatag-bench: stdout cannot be written: ENOSPC\n']);
  const both = spawn(process.execPath, [CLI, 'list', 'strategies'], { stdio: ['ignore', full, full] });
  assert.deepEqual(await once(both, 'close'), [0, null]);
});

test('results for which the disk has no room are in the temporary folder, and the last line says so', {
  skip,
}, async (t) => {
  const cwd = temporaryFolder(t);
  const scratch = join(cwd, 'tmp');
  const out = join(cwd, 'out');
  for (const folder of [scratch, out]) mkdirSync(folder);
  symlinkSync(FULL, join(out, 'results.json.partial'));
  const { status, stdout, stderr } = await gatagBench([...TINY, '--out', out], cwd, {
    ...process.env,
    TMPDIR: scratch,
  });
  assert.equal(status, 2, stderr);
  assert.match(stdout, /^Subject: /);
  const [name = '', ...others] = readdirSync(scratch);
  assert.deepEqual(others, []);
  const last = stderr.trim().split('\n').at(-1);
  assert.equal(
    last,
    `gatag-bench: ${out}: cannot be written: ENOSPC; what is missing there is in ${join(scratch, name)}`,
  );
  assert.ok(holdsResults(join(scratch, name)));
  assert.ok(existsSync(join(scratch, name, 'report.html')));
  assert.deepEqual(readdirSync(out), []);
});

test('of two runs with one folder the second is refused at its start; interrupted, a run leaves the folder as it was', async (t) => {
  const out = temporaryFolder(t);
  const first = spawn(process.execPath, [CLI, 'bench', '--suite', 'quick', '--out', out], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  while (!existsSync(join(out, 'run.lock'))) await new Promise((resolve) => setTimeout(resolve, 20));
  const { status, stderr } = await gatagBench([...TINY, '--out', out]);
  assert.equal(status, 2);
  assert.match(stderr, /^gatag-bench: .*: another run writes there; if none does, remove .*run\.lock\n$/);
  first.kill('SIGINT');
  assert.deepEqual(await once(first, 'exit'), [130, null]);
  assert.ok(existsSync(out), 'the user made this folder');
  assert.deepEqual(readdirSync(out), []);
});

test('a folder that was made for a run that is refused goes away, with those above it', async (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'no.txt'), 'no recording\n');
  const words = ['bench', '--workload', 'recorded', '--trace', 'no.txt', '--out', 'a/b'];
  const { status } = await gatagBench(words, cwd);
  assert.equal(status, 2);
  assert.deepEqual(readdirSync(cwd), ['no.txt']);
});

test('a report of results that come through a pipe is written to the working folder', async (t) => {
  const cwd = temporaryFolder(t);
  const { status, stderr } = await gatagBench([...TINY, '--out', 'out'], cwd);
  assert.equal(status, 0, stderr);
  const script = `cat out/results.json | ${process.execPath} ${CLI} report /dev/stdin`;
  const child = spawn('sh', ['-c', script], { cwd, stdio: 'ignore' });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.deepEqual(readFileSync(join(cwd, 'report.html')), readFileSync(join(cwd, 'out/report.html')));
});

test('what acts on a terminal is written out in messages', async (t) => {
  const file = join(temporaryFolder(t), 'history.txt');
  writeFileSync(file, 'host \u001b]0;x\u0007\n');
  const { status, stderr } = await gatagBench(['verify', '--replay', file]);
  assert.equal(status, 2);
  assert.match(stderr, /^gatag-bench: .*: line 1: expected KEY=VALUE, not "\\u\{1b\}\]0;x\\u\{7\}"\n$/);
});

test('native on a full disk is one line and status 2, and leaves no part of a stream', {
  skip,
}, async (t) => {
  const out = temporaryFolder(t);
  symlinkSync(FULL, join(out, 'pinned.stream'));
  const { status, stderr } = await gatagBench(['native', '--strategy', 'floor', '--out', out]);
  assert.equal(status, 2);
  assert.equal(stderr.trim(), `gatag-bench: ${out}: cannot be written: ENOSPC`);
  assert.ok(!readdirSync(out).includes('pinned.stream'));
});

const hasScript = spawnSync('script', ['--version']).status === 0;

test('Ctrl-C on a terminal gives it its line wrap back', {
  skip: hasScript ? false : 'no script(1) to make a terminal',
}, async (t) => {
  const out = join(temporaryFolder(t), 'out');
  const command = `${process.execPath} ${CLI} bench --suite quick --out ${out}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
  let shown = '';
  child.stdout.on('data', (chunk) => {
    if (!shown.includes('[?7l') && String(chunk).includes('[?7l')) child.stdin.write('\u0003');
    shown += chunk;
  });
  const [status] = await once(child, 'close');
  assert.equal(status, 130);
  assert.equal(shown.split('[?7l').length, shown.split('[?7h').length);
  assert.ok(!existsSync(out));
});
