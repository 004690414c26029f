import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ROOT, temporaryFolder } from './project.js';

const WRONG: readonly [file: string, imported: string][] = [
  ['machine/new.ts', '../strategies/floor.js'],
  ['strategies/new.ts', '../harness/method.js'],
  ['strategies/parts/new.ts', '../../workloads/pinned.js'],
  ['workloads/new.ts', '../strategies/index.js'],
  ['harness/new.ts', '../reports/write.js'],
  ['harness/results/new.ts', '../timing/cell-runner.js'],
  ['harness/replay/new.ts', '../oracle/oracle.js'],
  ['harness/process/new.ts', '../verify/check-child.js'],
  ['harness/oracle/new.ts', '../process/child.js'],
  ['harness/oracle/locks/new.ts', '../../../cli/settings.js'],
  ['harness/plan/new.ts', '../timing/cell-runner.js'],
  ['harness/counting/new.ts', '../timing/rounds.js'],
  ['harness/verify/new.ts', '../timing/cell-runner.js'],
  ['harness/native/new.ts', '../timing/cell-runner.js'],
  ['harness/timing/new.ts', '../verify/judge-workload.js'],
  ['harness/contention/new.ts', '../counting/sweeps.js'],
  ['harness/single-updates/new.ts', '../verify/judge-workload.js'],
  ['reports/new.ts', '../harness/timing/cell-runner.js'],
  ['reports/figures/new.ts', '../../machine/host.js'],
  ['reports/html/new.tsx', '../../harness/run.js'],
];

const RIGHT: readonly [file: string, imported: string][] = [
  ['strategies/new.ts', '../machine/machine.js'],
  ['harness/results/new.ts', '../../strategies/limits.js'],
  ['harness/new.ts', '../workloads/pinned.js'],
  ['reports/figures/new.ts', '../../harness/results/results.js'],
  ['reports/figures/new.ts', '../../harness/method.js'],
  ['cli/new.ts', '../harness/run.js'],
];

test('the import rules refuse every import upwards, and no import downwards', (context) => {
  const folder = temporaryFolder(context);
  copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
  for (const [index, [file, imported]] of [...WRONG, ...RIGHT].entries()) {
    const path = join(folder, file.replace('new', `new-${index}`));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import { one } from '${imported}';\nconsole.log(one);\n`);
  }
  const words = ['lint', '--only=style/noRestrictedImports', '--vcs-enabled=false', '--reporter=github', '.'];
  const biome = join(ROOT, 'node_modules/.bin/biome');
  const { stdout } = spawnSync(biome, [...words, '--max-diagnostics=none'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const refused = [...stdout.matchAll(/noRestrictedImports,file=[^,]*\/new-(\d+)\.tsx?,/g)].map(([, index]) =>
    Number(index),
  );
  assert.deepEqual(
    refused.sort((one, other) => one - other),
    WRONG.map((_, index) => index),
    stdout,
  );
});
