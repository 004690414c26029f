// Runs in which a child is killed, nobody reads what is said, or the disk is full, each at a time that is drawn.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { resultsSchema } from '../../harness/results/results.js';
import { randomFrom } from '../../machine/random.js';
import { ROOT, temporaryFolder } from '../project.js';

const WORDS =
  'bench --workload pinned --threads 2 --processes 2 --strategy opaque-tag-hash --set vms=4 operations=400'.split(
    ' ',
  );

/** Runs of each kind. */
const TIMES = 5;

/** About the length of such a run on an idle machine, in ms: what fails does so at some time of it. */
const RUN_MS = 6000;

const random = randomFrom(25);

interface Failing {
  readonly child: ReturnType<typeof spawn>;
  readonly out: string;
}

/** A run that fails in some way after `ms`. */
async function failing(t: TestContext, ms: number, fail: (run: Failing) => void) {
  const folder = temporaryFolder(t);
  const [out, scratch] = [join(folder, 'out'), join(folder, 'tmp')];
  for (const one of [out, scratch]) mkdirSync(one);
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/cli.js'), ...WORDS, '--out', out], {
    env: { ...process.env, TMPDIR: scratch },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stdout.resume();
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'exit');
  await Promise.race([wait(ms), ended]);
  fail({ child, out });
  const [status] = await ended;
  return { status: status as number | null, stderr, out, scratch };
}

/** Whether a folder holds results that their schema accepts, and their report. */
function isWhole(folder: string): boolean {
  const results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  return resultsSchema.safeParse(results).success && existsSync(join(folder, 'report.html'));
}

function killOneChild({ child: { pid } }: Failing): void {
  const children = `/proc/${pid}/task/${pid}/children`;
  const pids = existsSync(children) ? readFileSync(children, 'utf8').trim().split(' ').filter(Boolean) : [];
  if (pids.length > 0) process.kill(Number(random.pick(pids)), 'SIGKILL');
}

for (let time = 0; time < TIMES; time++) {
  const ms = random.below(RUN_MS);

  test(`a child that is killed after ${ms} ms costs at most its own figures`, async (t) => {
    const { status, stderr, out, scratch } = await failing(t, ms, killOneChild);
    assert.ok(status === 0 || status === 3, `${status}: ${stderr}`);
    assert.ok(isWhole(out));
    assert.deepEqual(readdirSync(scratch), []);
  });

  for (const name of ['stdout', 'stderr'] as const) {
    test(`a reader of ${name} that goes away after ${ms} ms costs nothing`, async (t) => {
      const { status, out, scratch } = await failing(t, ms, ({ child }) => child[name]?.destroy());
      assert.equal(status, 0);
      assert.ok(isWhole(out));
      assert.deepEqual(readdirSync(scratch), []);
    });
  }

  test(`a disk that is full after ${ms} ms leaves the results in the temporary folder`, {
    skip: existsSync('/dev/full') ? false : 'no /dev/full here',
  }, async (t) => {
    const { status, stderr, out, scratch } = await failing(t, ms, ({ out: folder }) => {
      if (!existsSync(join(folder, 'results.json'))) {
        symlinkSync('/dev/full', join(folder, 'results.json.partial'));
      }
    });
    const kept = readdirSync(scratch);
    if (status === 0) return assert.ok(isWhole(out), 'it ended before the disk was full');
    assert.equal(status, 2, stderr);
    assert.equal(kept.length, 1);
    assert.ok(isWhole(join(scratch, kept[0] as string)));
  });
}
