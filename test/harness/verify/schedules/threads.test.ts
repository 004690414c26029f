// The scheduler leaves operations and runs them again. Real threads with the same turns must end in the same state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE } from '../../../../harness/method.js';
import { CheckedMemory } from '../../../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../../../harness/oracle/memory/observed-memory.js';
import { importStrategy } from '../../../../harness/process/child-main.js';
import { caseRunner } from '../../../../harness/verify/schedules/case-runner.js';
import { ENUMERATED_CASES } from '../../../../harness/verify/schedules/enumerated-cases.js';
import { caseStream } from '../../../../harness/verify/schedules/schedule-case.js';
import { exploration } from '../../../../harness/verify/schedules/schedule-sources.js';
import { builtInUrl } from '../../../../strategies/index.js';
import { ThreadedCase } from './threads.js';

/** One in ONE_IN schedules with at most two preemptions is compared. */
const ONE_IN = 29;
/** One in CASE_IN cases is compared. */
const CASE_IN = 7;

const memory = new CheckedMemory(new ObservedMemory(1 << 26));

// Two designs whose entries hold no address, and one whose operations lose updates.
for (const id of ['opaque-tag-hash', 'merged-6.17', 'floor']) {
  test(`${id} ends the same in threads, schedule by schedule`, async () => {
    const strategy = await importStrategy(builtInUrl(id));
    let compared = 0;
    for (const [index, each] of ENUMERATED_CASES.entries()) {
      if (index % CASE_IN !== 0) continue;
      const scheduled = caseStream(each);
      const runner = caseRunner(scheduled, { strategy, memory, patience: PATIENCE.first });
      const threads = await ThreadedCase.create(builtInUrl(id), scheduled);
      try {
        const schedules = exploration(each.concurrent.length, 2);
        let number = 0;
        for (let next = schedules.next(); !next.done && number < 2000; ) {
          const { run, fault } = runner.run(next.value);
          next = schedules.next(run);
          // The threads' memory is not checked, and makes the access that a checked memory refuses.
          if (number++ % ONE_IN !== 0 || run.failure !== null || fault !== null) continue;
          const { start, end } = runner.replay.host.irtes;
          assert.deepEqual(threads.run(run.turns), memory.behind.words.slice(start, end));
          compared++;
        }
      } finally {
        await threads.end();
      }
    }
    assert.ok(compared > 100, String(compared));
  });
}
