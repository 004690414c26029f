// Each known bug is caught by its own check, and no check is idle: each one is the only one to catch some bug.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { HISTORIES, PATIENCE } from '../../harness/method.js';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { check } from '../../harness/oracle/oracle.js';
import { type Instances, importInstances } from '../../harness/process/child-main.js';
import { type CheckName, OPERATION_CHECKS } from '../../harness/results/checks.js';
import type { HistoryCheck } from '../../harness/verify/histories/history-check.js';
import { boundsOf, historiesWithin } from '../../harness/verify/histories/history-generator.js';
import type { ScheduleCheck } from '../../harness/verify/schedules/schedule-check.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { EncodedHistory } from '../../workloads/stream/history.js';
import { openStream } from '../../workloads/stream/stream.js';
import { gatagBench, ROOT } from '../project.js';
import { MUTANTS, type Mutant } from './index.js';

const FOLDER = join(ROOT, 'dist', 'test', 'mutants');
const pathOf = ({ file }: Mutant): string => join(FOLDER, `${file}.js`);

test('every mutant is listed, and every bug of the kernel that the model can express has one', () => {
  const files = readdirSync(FOLDER).filter((file) => /^(?!index|.*\.test).*\.js$/.test(file));
  assert.deepEqual(files.sort(), MUTANTS.map(({ file }) => `${file}.js`).sort());
  const bugs = new Set(MUTANTS.map(({ bug }) => bug));
  const expected = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 20].map((number) => `B${number}`);
  for (const bug of [...expected, 'N3', 'N10', 'N11', 'N13', 'N21', 'N22']) assert.ok(bugs.has(bug), bug);
});

/** Checks whose mutants fail on concurrent operations. */
const OF_CONCURRENCY: readonly CheckName[] = ['schedules', 'lockset', 'lock-order'];
/** Mutants for concurrent operations. */
const CONCURRENT = MUTANTS.filter(({ check: name }) => OF_CONCURRENCY.includes(name));
/** Mutants for sequential operations. */
const SEQUENTIAL = MUTANTS.filter(({ check: name }) => name !== 'schedules');

describe('verify with its default number of histories', () => {
  let checks: HistoryCheck[];
  let status: number | null;

  before(async () => {
    const words = ['verify', '--workload', 'none', '--schedules', '0', '--json'];
    const startedAt = Date.now();
    const run = await gatagBench([...words, '--strategy', ...SEQUENTIAL.map(pathOf)]);
    const seconds = (Date.now() - startedAt) / 1000;
    console.log(`${SEQUENTIAL.length} mutants judged in ${seconds.toFixed(0)} s`);
    ({ status } = run);
    checks = JSON.parse(run.stdout).histories.checks;
  });

  test('says that there are unexpected failures', () => assert.equal(status, 1));

  for (const [index, mutant] of SEQUENTIAL.entries()) {
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

describe('verify with its default number of schedules', () => {
  let histories: HistoryCheck[];
  let checks: ScheduleCheck[];

  before(async () => {
    const words = ['verify', '--workload', 'none', '--json', '--strategy', ...CONCURRENT.map(pathOf)];
    const verified = JSON.parse((await gatagBench(words)).stdout);
    histories = verified.histories.checks;
    checks = verified.schedules.checks;
  });

  for (const [index, mutant] of CONCURRENT.entries()) {
    test(`${mutant.file} (${mutant.bug}) is caught, with a counterexample of few turns`, () => {
      const { findings } = checks[index] as ScheduleCheck;
      const meant = findings.find(
        ({ finding }) => finding.declaredBy === null && finding.check === 'schedules',
      );
      assert.ok(meant !== undefined, 'no failure');
      const { steps } = meant.finding.counterexample ?? { steps: [] };
      const turns = steps.filter((step) => step.startsWith('CPU '));
      assert.ok(turns.length >= 2 && turns.length <= 5, steps.join('\n'));
    });
  }

  for (const [index, mutant] of CONCURRENT.entries()) {
    if (mutant.bug === 'own') continue;
    test(`${mutant.file} (${mutant.bug}) is caught by nothing else`, () => {
      assert.deepEqual(histories[index]?.findings, []);
      const found = checks[index]?.findings.map(({ finding }) => finding.check);
      assert.deepEqual([...new Set(found)], ['schedules']);
    });
  }
});

describe('no check is idle', () => {
  const memory = new CheckedMemory(new ObservedMemory(1 << 26));
  // A loop without an access uses all its CPU time in each history, so only some histories are judged.
  const LOOPED = 10;
  const histories = new Map<string, EncodedHistory[]>();

  function historiesOf({ limits }: Strategy): EncodedHistory[] {
    const bounds = boundsOf(limits);
    const key = JSON.stringify(bounds);
    const known = histories.get(key) ?? historiesWithin(bounds, { count: HISTORIES, seed: 1, fixed: {} });
    histories.set(key, known);
    return known;
  }

  /** Whether a strategy has a failure on any of the first histories. @param without - A check that is turned off. */
  function isCaught({ strategy, second }: Instances, count: number, without?: CheckName): boolean {
    return historiesOf(strategy)
      .slice(0, count)
      .some(({ host, words }) => {
        const patience = without === 'endless' ? PATIENCE.trial : PATIENCE.first;
        const request = { stream: openStream(words), strategy, second, host, memory, patience };
        const { findings } = check({ ...request, ...(without && { without }) });
        return findings.some(({ declaredBy }) => declaredBy === null);
      });
  }

  // The check of schedules judges no histories. The tests above show mutants that only it catches.
  for (const name of OPERATION_CHECKS) {
    test(`with the check of ${name} turned off a mutant gets through`, async () => {
      const through: string[] = [];
      for (const mutant of MUTANTS.filter((candidate) => candidate.check === name)) {
        const count = name === 'endless' ? LOOPED : HISTORIES;
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
