// Each known bug is caught by its own check, and no check is idle: each one is the only one to catch some bug.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { HISTORIES, HISTORY_MEMORY_BYTES, PATIENCE, type Patience } from '../../harness/method.js';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { check } from '../../harness/oracle/oracle.js';
import { type Instances, importInstances } from '../../harness/process/child-main.js';
import { type CheckName, OPERATION_CHECKS } from '../../harness/results/checks.js';
import {
  checkHistories,
  type HistoryCheck,
  type HistoryPlace,
  judgeHistory,
  searchesStateAt,
} from '../../harness/verify/histories/history-check.js';
import { boundsOf, historiesWithin } from '../../harness/verify/histories/history-generator.js';
import type { EncodedHistory } from '../../workloads/stream/history.js';
import { openStream } from '../../workloads/stream/stream.js';
import { FOLDER, MUTANTS, type Mutant, pathOf } from './index.js';

test('every mutant is listed, and every bug of the kernel that the model can express has one', () => {
  const files = readdirSync(FOLDER).filter((file) => /^(?!index|.*\.test).*\.js$/.test(file));
  assert.deepEqual(files.sort(), MUTANTS.map(({ file }) => `${file}.js`).sort());
  const bugs = new Set(MUTANTS.map(({ bug }) => bug));
  const expected = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 20].map((number) => `B${number}`);
  for (const bug of [...expected, 'N3', 'N10', 'N11', 'N13', 'N21', 'N22']) assert.ok(bugs.has(bug), bug);
});

/** Each number of histories begins with those of the one before. The first few show most mutants. */
const FEW = 100;
const MORE = [300, HISTORIES];
/** The longest counterexample to a mutant. */
const MOST_STEPS = 10;

const memory = new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES));
after(() => memory.clear());

const all = await Promise.all(MUTANTS.map((mutant) => importInstances(pathOf(mutant))));
const drawn = new Map<string, EncodedHistory[]>();

/** The first histories of the default number. */
function firstHistories({ strategy: { limits } }: Instances, count: number): EncodedHistory[] {
  const bounds = boundsOf(limits);
  const key = `${count} ${JSON.stringify(bounds)}`;
  const known = drawn.get(key) ?? historiesWithin(bounds, { count, seed: 1, fixed: {} });
  drawn.set(key, known);
  return known;
}

function judged(instances: Instances, count: number): HistoryCheck {
  const { strategy, second } = instances;
  const within = firstHistories(instances, count);
  const judgeAgain = (place: HistoryPlace) =>
    judgeHistory(within[place.index] as EncodedHistory, {
      strategy,
      second: searchesStateAt(place) ? second : undefined,
      memory,
      patience: PATIENCE.trial,
    });
  return checkHistories({ within, beyond: [] }, { strategy, second, memory, judgeAgain });
}

const findingsOf = (result: HistoryCheck) => result.findings.map(({ finding }) => finding);

/** Whether a mutant is caught by its check, with a short counterexample. */
const isShown = (mutant: Mutant, result: HistoryCheck): boolean =>
  findingsOf(result).some(
    ({ declaredBy, check: name, counterexample }) =>
      declaredBy === null &&
      name === mutant.check &&
      (counterexample?.steps.length ?? Number.POSITIVE_INFINITY) <= MOST_STEPS,
  );

/** The result of each mutant: on few histories if they show it, otherwise on the default number. */
const results = new Map<Mutant, HistoryCheck>();

describe('on the histories that verify judges by default', () => {
  for (const [index, mutant] of MUTANTS.entries()) {
    const { file, bug, check: name } = mutant;
    const isConcurrent = name === 'schedules';
    if (isConcurrent && bug === 'own') continue;
    test(`${file} (${bug}) is caught by ${isConcurrent ? 'no check' : `the check of ${name}`}`, () => {
      const instances = all[index] as Instances;
      let result = judged(instances, FEW);
      for (const count of MORE) if (!isShown(mutant, result)) result = judged(instances, count);
      results.set(mutant, result);
      const found = findingsOf(result).map(
        ({ check: by, kind, counterexample }) => `${by}: ${kind} in ${counterexample?.steps.length} steps`,
      );
      if (isConcurrent) assert.deepEqual(found, []);
      else assert.ok(isShown(mutant, result), `found: ${found.join(', ')}`);
    });
  }
});

// The check of schedules judges no histories. Other tests show mutants that only it catches.
describe('no check is idle', () => {
  // A loop without an access uses all its CPU time in each history, so only some histories are judged.
  const LOOPED = 10;

  /** Whether a strategy has a failure on a history. @param without - A check that is turned off. */
  function isCaught(
    { strategy, second }: Instances,
    { host, words }: EncodedHistory,
    patience: Patience,
    without?: CheckName,
  ): boolean {
    const request = { stream: openStream(words), strategy, second, host, memory, patience };
    const { findings } = check({ ...request, ...(without && { without }) });
    return findings.some(({ declaredBy }) => declaredBy === null);
  }

  for (const name of OPERATION_CHECKS) {
    test(`with the check of ${name} turned off a mutant gets through`, () => {
      const caughtByItAlone = (mutant: Mutant): boolean => {
        const result = results.get(mutant);
        return result !== undefined && findingsOf(result).every((finding) => finding.check === name);
      };
      const candidates = MUTANTS.filter((mutant) => mutant.check === name && caughtByItAlone(mutant));
      const [count, patience] = name === 'endless' ? [LOOPED, PATIENCE.trial] : [FEW, PATIENCE.first];
      const through = candidates.find((mutant) => {
        const instances = all[MUTANTS.indexOf(mutant)] as Instances;
        // A check that is turned off adds no failure, so histories without a failure need no second look.
        const failing = firstHistories(instances, FEW)
          .slice(0, count)
          .filter((history) => isCaught(instances, history, patience));
        return failing.length > 0 && !failing.some((history) => isCaught(instances, history, patience, name));
      });
      assert.ok(through, `caught by other checks too: ${candidates.map(({ file }) => file).join(', ')}`);
    });
  }
});
