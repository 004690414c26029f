// Each bug that is known is caught, by the check meant for it; and no check is idle: for each there is a bug that it
// alone finds.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CHECK_NAMES, type CheckName } from '../../src/harness/checks.js';
import { importInstances } from '../../src/harness/child-main.js';
import type { Instances } from '../../src/harness/hidden-state.js';
import type { HistoryCheck } from '../../src/harness/history-check.js';
import { boundsOf, historiesWithin } from '../../src/harness/history-generator.js';
import { HISTORIES } from '../../src/harness/method.js';
import { check } from '../../src/harness/oracle.js';
import { CheckedMemory } from '../../src/machine/checked-memory.js';
import { ObservedMemory } from '../../src/machine/observed-memory.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import type { EncodedHistory } from '../../src/workloads/history.js';
import { openStream } from '../../src/workloads/stream.js';
import { gatagBench, ROOT } from '../project.js';
import { MUTANTS, type Mutant } from './index.js';

const FOLDER = join(ROOT, 'dist', 'test', 'mutants');
const pathOf = ({ file }: Mutant): string => join(FOLDER, `${file}.js`);

test('every mutant is listed, and every bug of the kernel that the model can express has one', () => {
  const files = readdirSync(FOLDER).filter((file) => /^(?!index|.*\.test).*\.js$/.test(file));
  assert.deepEqual(files.sort(), MUTANTS.map(({ file }) => `${file}.js`).sort());
  const bugs = new Set(MUTANTS.map(({ bug }) => bug));
  // B6 and B11 need two CPUs at once: an update that comes between the two halves of another.
  for (const bug of ['B1', 'B2', 'B3', 'B5', 'B7', 'B8', 'B9', 'B10', 'B12', 'B13', 'B16', 'B17', 'B20']) {
    assert.ok(bugs.has(bug), bug);
  }
});

describe('verify with its default number of histories', () => {
  let checks: HistoryCheck[];
  let status: number | null;

  before(async () => {
    const words = ['verify', '--workload', 'none', '--json', '--strategy', ...MUTANTS.map(pathOf)];
    const startedAt = Date.now();
    const run = await gatagBench(words);
    const seconds = (Date.now() - startedAt) / 1000;
    console.log(`${MUTANTS.length} mutants judged in ${seconds.toFixed(0)} s`);
    ({ status } = run);
    checks = JSON.parse(run.stdout).histories.checks;
  });

  test('says that there are unexpected findings', () => assert.equal(status, 1));

  for (const [index, mutant] of MUTANTS.entries()) {
    test(`${mutant.file} (${mutant.bug}) is caught by the check of ${mutant.check}`, () => {
      const { findings } = checks[index] as HistoryCheck;
      const meant = findings.find(
        ({ finding }) => finding.declaredBy === null && finding.check === mutant.check,
      );
      const found = findings.map(({ finding }) => `${finding.check}: ${finding.kind}`).join(', ');
      assert.ok(meant !== undefined, `found: ${found}`);
      const { counterexample } = meant.finding;
      assert.ok(counterexample !== null, 'no counterexample');
      assert.ok(counterexample.steps.length <= 10, counterexample.steps.join('\n'));
    });
  }
});

describe('no check is idle', () => {
  const memory = new CheckedMemory(new ObservedMemory(1 << 26));
  // A loop that touches no memory is waited for in each history, so not for long, and not in all.
  const PATIENCE_MS = 200;
  const WAITED_FOR = 40;
  const histories = new Map<string, EncodedHistory[]>();

  function historiesOf({ limits }: Strategy): EncodedHistory[] {
    const bounds = boundsOf(limits);
    const key = JSON.stringify(bounds);
    const known = histories.get(key) ?? historiesWithin(bounds, { count: HISTORIES, seed: 1, fixed: {} });
    histories.set(key, known);
    return known;
  }

  /** Whether a strategy has a finding on any of so many histories, with a check turned off or with all. */
  function isCaught({ strategy, second }: Instances, count: number, without?: CheckName): boolean {
    return historiesOf(strategy)
      .slice(0, count)
      .some(({ host, words }) => {
        memory.clear();
        const judging = { memory, second, patienceMs: PATIENCE_MS, ...(without && { without }) };
        return check(openStream(words), strategy, host, judging).findings.some(
          (it) => it.declaredBy === null,
        );
      });
  }

  for (const name of CHECK_NAMES) {
    test(`with the check of ${name} turned off a mutant gets through`, async () => {
      const through: string[] = [];
      for (const mutant of MUTANTS.filter((candidate) => candidate.check === name)) {
        const count = name === 'endless' ? WAITED_FOR : HISTORIES;
        const instances = await importInstances(pathOf(mutant));
        if (!isCaught(instances, count, name)) {
          assert.ok(isCaught(instances, count), `${mutant.file} is not caught with all checks`);
          through.push(mutant.file);
          break;
        }
      }
      assert.ok(through.length > 0);
    });
  }

  after(() => memory.clear());
});
