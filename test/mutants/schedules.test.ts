// The mutants that fail on concurrent operations are caught on schedules, and those of the kernel by no other check.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { HISTORY_MEMORY_BYTES, PATIENCE, type Patience, PREEMPTIONS } from '../../harness/method.js';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { importStrategy } from '../../harness/process/child-main.js';
import type { CheckName } from '../../harness/results/checks.js';
import type { FailureKind } from '../../harness/results/failures.js';
import type { Finding } from '../../harness/results/results.js';
import { ENUMERATED_CASES } from '../../harness/verify/schedules/enumerated-cases.js';
import { judgeCase } from '../../harness/verify/schedules/schedule-check.js';
import type { Strategy } from '../../strategies/strategy.js';
import { MUTANTS, pathOf } from './index.js';

const memory = new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES));
after(() => memory.clear());

/** The failures of each enumerated case, with few preemptions and then with as many as `verify` judges. */
function* failures(strategy: Strategy, patience: Patience = PATIENCE.first): Generator<readonly Finding[]> {
  for (let preemptions = 1; preemptions <= PREEMPTIONS.pair; preemptions++) {
    for (let enumerated = 0; enumerated < ENUMERATED_CASES.length; enumerated++) {
      const place = { enumerated, preemptions };
      const { findings } = judgeCase(place, { strategy, memory, patience });
      yield findings.map(({ finding }) => finding);
    }
  }
}

/** Whether a failure comes of concurrency, with a counterexample of two to five turns. */
function isShort({ declaredBy, check, counterexample }: Finding): boolean {
  const turns = counterexample?.steps.filter((step) => step.startsWith('CPU ')).length ?? 0;
  return declaredBy === null && check === 'schedules' && turns >= 2 && turns <= 5;
}

const OF_CONCURRENCY: readonly CheckName[] = ['schedules', 'lockset', 'lock-order'];

for (const mutant of MUTANTS.filter(({ check }) => OF_CONCURRENCY.includes(check))) {
  test(`${mutant.file} (${mutant.bug}) is caught, with a counterexample of few turns`, async () => {
    const strategy = await importStrategy(pathOf(mutant));
    const found: Finding[] = [];
    let cases = 0;
    for (const findings of failures(strategy)) {
      found.push(...findings);
      cases++;
      // Of a bug of the kernel, all cases are judged.
      if (found.some(isShort) && (mutant.bug === 'own' || cases >= ENUMERATED_CASES.length)) break;
    }
    assert.ok(found.some(isShort), `of ${found.length} failures none is shown in few turns`);
    if (mutant.bug !== 'own') assert.ok(found.every(({ check }) => check === 'schedules'));
  });
}

const BAD: Readonly<Record<string, FailureKind>> = {
  'throws-on-unknown-tag': 'threw',
  'list-cycle': 'endless',
  'loops-without-memory': 'endless',
  'double-free': 'bad-free',
};

for (const [file, kind] of Object.entries(BAD)) {
  test(`${file} is a failure on concurrent operations too: ${kind}`, async () => {
    for (const findings of failures(await importStrategy(pathOf({ file })), PATIENCE.trial)) {
      if (findings.some((finding) => finding.kind === kind)) return;
    }
    assert.fail('no failure');
  });
}
